-- Why: registrars look for people by what is known of them, checked or not, and an agency's
-- administrator lists the officials of that agency.
-- What: an index for finding people by identifier, mail, phone and the beginning of a name; one for
-- finding officials by agency.

CREATE INDEX user_attributes_search ON user_attributes (lower(value) text_pattern_ops)
    WHERE is_identifier OR name IN ('email', 'mobile_phone', 'full_name', 'first_name', 'last_name');
CREATE INDEX user_attributes_agency ON user_attributes (value)
    WHERE name = 'organization.name' AND source = 'agency';
