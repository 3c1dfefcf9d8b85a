//! Passwords whose hashes came from a former system.

use axum::http::StatusCode;
use tamga::store::users;

use crate::oauth2::Scene;

/// By crypt_blowfish, of `U*U`.
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

async fn stored(scene: &Scene) -> String {
    sqlx::query_scalar("SELECT hash FROM passwords WHERE user_id = $1")
        .bind(scene.user.0)
        .fetch_one(scene.app.pool())
        .await
        .unwrap()
}

async fn store(scene: &Scene, hash: &str) {
    sqlx::query("UPDATE passwords SET hash = $2 WHERE user_id = $1")
        .bind(scene.user.0)
        .bind(hash)
        .execute(scene.app.pool())
        .await
        .unwrap();
}

#[tokio::test]
async fn an_old_hash_is_replaced_at_the_first_sign_in_and_the_password_stays() {
    let mut scene = Scene::new().await;
    store(&scene, BCRYPT).await;
    for round in 0..2 {
        scene.ask(&[("prompt", "login")]).await;
        let fields = [("username", "somchai"), ("password", "U*V")];
        let wrong = scene.browser.submit("login-form", &fields).await;
        assert_eq!(wrong.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(stored(&scene).await == BCRYPT, round == 0, "a wrong password replaces nothing");
        let fields = [("username", "somchai"), ("password", "U*U")];
        let page = scene.browser.submit("login-form", &fields).await;
        assert!(!page.has("login-form"), "{}", page.url);
        assert!(stored(&scene).await.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    }
    let ended: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions WHERE ended_at IS NULL")
        .fetch_one(scene.app.pool())
        .await
        .unwrap();
    assert!(ended >= 1, "the session stays");
}

#[tokio::test]
async fn a_password_changed_meanwhile_stands() {
    let scene = Scene::new().await;
    store(&scene, BCRYPT).await;
    let pool = scene.app.pool();
    assert!(!users::replace_hash(pool, scene.user, "another", "new").await.unwrap());
    assert_eq!(stored(&scene).await, BCRYPT);
    assert!(users::replace_hash(pool, scene.user, BCRYPT, "new").await.unwrap());
    assert!(!users::replace_hash(pool, scene.user, BCRYPT, "newer").await.unwrap());
}
