//! The people of the demonstration. None of them exists; their passwords are public.

use crate::model::user::UserKind;

/// One of them.
pub struct Account {
    /// The user name.
    pub username: &'static str,
    /// The password.
    pub password: &'static str,
    /// What kind of account.
    pub kind: UserKind,
    /// Name, value and level of each attribute.
    pub attributes: &'static [(&'static str, &'static str, i16)],
}

/// Who confirms at `/demo/service`. Not among those to sign in with by hand, since a code by SMS is
/// asked of them each time.
pub const CONFIRMING: Account = Account {
    username: "demo-two-factors",
    password: "demo-two-factors-1",
    kind: UserKind::Citizen,
    attributes: &[
        ("citizen_id", "1101002345691", 2),
        ("first_name", "สมชาย", 2),
        ("last_name", "ใจดี", 2),
        ("mobile_phone", CONFIRMING_PHONE, 1),
    ],
};
/// Where their codes go.
pub const CONFIRMING_PHONE: &str = "+66899990001";

/// One of each kind, and two more citizens so that names in several scripts are seen. Levels differ
/// on purpose: from what the person typed (0) to what was checked face to face (3).
pub const ACCOUNTS: &[Account] = &[
    Account {
        username: "demo-citizen",
        password: "demo-citizen-1",
        kind: UserKind::Citizen,
        attributes: &[
            ("citizen_id", "1101002345674", 3),
            ("title", "นางสาว", 2),
            ("first_name", "สมหญิง", 3),
            ("last_name", "ใจดี", 3),
            ("date_of_birth", "1992-04-13", 3),
            ("gender", "female", 2),
            ("nationality", "Thai", 2),
            ("occupation", "ครู", 0),
            ("email", "somying@citizen.example", 1),
            ("mobile_phone", "+66812345678", 1),
            ("address.house_number", "99/1", 2),
            ("address.moo", "4", 2),
            ("address.road", "ถนนสุขุมวิท", 2),
            ("address.sub_district", "คลองเตย", 2),
            ("address.district", "คลองเตย", 2),
            ("address.province", "กรุงเทพมหานคร", 2),
            ("address.post_code", "10110", 2),
            ("address.country", "Thailand", 2),
        ],
    },
    Account {
        username: "demo-citizen-kz",
        password: "demo-citizen-kz-1",
        kind: UserKind::Citizen,
        attributes: &[
            ("iin", "900515400123", 2),
            ("first_name", "Айгерім", 2),
            ("middle_name", "Серікқызы", 2),
            ("last_name", "Нұрланова", 2),
            ("date_of_birth", "1990-05-15", 2),
            ("gender", "female", 2),
            ("email", "aigerim@citizen.example", 1),
            ("mobile_phone", "+77011234567", 1),
        ],
    },
    Account {
        username: "demo-citizen-mn",
        password: "demo-citizen-mn-1",
        kind: UserKind::Citizen,
        attributes: &[
            ("citizen_id", "УБ88031512", 0),
            ("first_name", "Бат-Эрдэнэ", 0),
            ("last_name", "Дорж", 0),
            ("date_of_birth", "1988-03-15", 0),
            ("gender", "male", 0),
            ("email", "bat-erdene@citizen.example", 0),
            ("mobile_phone", "+97699112233", 1),
        ],
    },
    Account {
        username: "demo-company",
        password: "demo-company-1",
        kind: UserKind::JuristicPerson,
        attributes: &[
            ("juristic_id", "0105561122338", 2),
            ("full_name", "บริษัท ตัวอย่าง จำกัด", 2),
            ("organization.name", "บริษัท ตัวอย่าง จำกัด", 2),
            ("email", "office@company.example", 1),
            ("telephone", "+6621234567", 0),
            ("address.road", "ถนนสาทร", 2),
            ("address.province", "กรุงเทพมหานคร", 2),
            ("address.post_code", "10120", 2),
            ("address.country", "Thailand", 2),
        ],
    },
    Account {
        username: "demo-foreigner",
        password: "demo-foreigner-1",
        kind: UserKind::Foreigner,
        attributes: &[
            ("passport_id", "FX004417", 1),
            ("first_name", "María", 1),
            ("middle_name", "del Carmen", 1),
            ("last_name", "Quispe Ñahui", 1),
            ("date_of_birth", "1985-11-30", 1),
            ("gender", "female", 0),
            ("nationality", "Peruvian", 1),
            ("occupation", "Engineer", 0),
            ("email", "maria@foreigner.example", 1),
        ],
    },
    Account {
        username: "demo-agent",
        password: "demo-agent-1",
        kind: UserKind::GovernmentAgent,
        attributes: &[
            ("citizen_id", "3100501122331", 3),
            ("title", "นาย", 3),
            ("first_name", "ประเสริฐ", 3),
            ("last_name", "รักษาธรรม", 3),
            ("date_of_birth", "1978-08-02", 3),
            ("gender", "male", 3),
            ("occupation", "นายทะเบียน", 2),
            ("email", "prasert@agency.example", 2),
            ("mobile_phone", "+66898765432", 1),
            ("organization.name", "สำนักทะเบียนกลาง", 2),
            ("organization.ministry", "กระทรวงมหาดไทย", 2),
            ("organization.department", "กรมการปกครอง", 2),
            ("organization.agency_code", "0307", 2),
        ],
    },
];
