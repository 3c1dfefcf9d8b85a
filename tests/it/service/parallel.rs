//! Many at once: every answer is the right one, and whoever hangs up takes nobody along.

use std::{future::poll_fn, pin::pin, task::Poll};

use tamga::model::act_for::ActFor;

use super::{OTHER, SIGN_SERVER, Scene, service};
use crate::{
    oauth2::{claims, text},
    support::app::TestApp,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_answer_of_a_parallel_run_is_its_own() {
    let app = TestApp::new().await;
    let scene = Scene::at(app, |_| {}).await;
    let mut people = Vec::new();
    for number in 0..20 {
        people.push(scene.app.user(&format!("person-{number}")).await);
    }
    let nobodys = scene.app.client("nobodys", |client| {
        service(client);
        client.settings.act_for = Vec::<ActFor>::new();
    });
    let nobodys = nobodys.await;
    let requests = (0..400).map(|turn| {
        let (scene, people, nobodys) = (&scene, &people, &nobodys);
        async move {
            let person = turn % 25;
            let username = format!("person-{person}");
            let resource = if turn % 3 == 0 { OTHER } else { SIGN_SERVER };
            if turn % 7 == 0 {
                let fields = [
                    ("grant_type", "password"),
                    ("username", &username),
                    ("password", ""),
                    ("resource", resource),
                ];
                let answer = scene.app.door.post_as(nobodys, "/oauth2/token", &fields).await;
                assert_eq!(answer.error(400), "invalid_grant");
                return None;
            }
            let answer = scene.password(&[("username", &username), ("resource", resource)]).await;
            let Some(person) = people.get(person) else {
                assert_eq!(answer.error(400), "invalid_grant", "{username}");
                return None;
            };
            let answer = answer.good();
            let claims = claims(text(&answer, "access_token"));
            assert_eq!(claims["sub"], person.to_string());
            assert_eq!(claims["aud"], resource);
            Some((claims["jti"].clone(), claims["sub"].clone()))
        }
    });
    let issued: Vec<_> = futures_util::future::join_all(requests).await.into_iter().flatten().collect();
    let lines = scene.journal("grant.service").await;
    assert_eq!(lines.len(), issued.len());
    for (token, person) in issued {
        let line = lines.iter().find(|line| line["after"]["token"] == token).expect("a line for each");
        assert_eq!(line["subject"]["id"], person);
    }
}

#[tokio::test]
async fn a_peer_that_hangs_up_takes_no_other_answer_along() {
    let scene = Scene::new().await;
    {
        let mut leaving = pin!(scene.password(&[]));
        // Begun, perhaps the first of its group, and dropped.
        for _ in 0..3 {
            poll_fn(|context| {
                let _ = leaving.as_mut().poll(context);
                Poll::Ready(())
            })
            .await;
        }
        let staying = (0..5).map(|_| scene.password(&[]));
        let mut staying = pin!(futures_util::future::join_all(staying));
        poll_fn(|context| {
            let _ = staying.as_mut().poll(context);
            Poll::Ready(())
        })
        .await;
    }
    for answer in futures_util::future::join_all((0..5).map(|_| scene.password(&[]))).await {
        answer.good();
    }
}
