-- Why: a service client, or an operator, may act for people whom it is responsible for: all, those of
-- a kind, or those of an organisation. An operator's reach is set for each account by hand.
-- What: whom an account may act for; who belongs to an organisation. An organisation is the account of
-- a juristic person. To it belong that account, the holders of its representatives' identifiers and the
-- officials whom its administrators entered; all by values that somebody checked (level 2), since
-- anybody can type another's number.

ALTER TABLE users ADD COLUMN may_act_for text[] NOT NULL DEFAULT '{}';

CREATE VIEW organisation_members AS
SELECT o.id AS organisation_id, o.id AS user_id
FROM users o WHERE o.kind = 'juristic-person'
UNION ALL
SELECT r.user_id, own.user_id
FROM representatives r
JOIN user_attributes own ON own.name = r.name AND own.value = r.value AND own.level >= 2 AND own.is_identifier
WHERE r.removed_at IS NULL
UNION ALL
SELECT named.user_id, own.user_id
FROM users o
JOIN user_attributes named ON named.user_id = o.id AND named.name = 'organization.name' AND named.level >= 2
JOIN user_attributes own ON own.name = 'organization.name' AND own.value = named.value AND own.source = 'agency'
JOIN users official ON official.id = own.user_id AND official.kind = 'government-agent'
WHERE o.kind = 'juristic-person';
