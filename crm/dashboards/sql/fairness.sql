-- One row per month, dimension, treatment and group, of all customers in service; the groups by GROUPING SETS.
-- A need counts as seen by the night while it stands; what a person refused or put off is not held against the gate.
WITH person AS MATERIALIZED (
    SELECT c.id, c.gender, c.district,
        CASE WHEN c.birth_date IS NULL THEN ''
            ELSE CASE
                WHEN age(%(day)s, c.birth_date) < INTERVAL '30 years' THEN '-29'
                WHEN age(%(day)s, c.birth_date) < INTERVAL '45 years' THEN '30-44'
                WHEN age(%(day)s, c.birth_date) < INTERVAL '60 years' THEN '45-59'
                WHEN age(%(day)s, c.birth_date) < INTERVAL '75 years' THEN '60-74'
                ELSE '75-' END
        END AS age
    FROM customers_customer AS c WHERE c.status = 'active'
), agreed AS (
    SELECT DISTINCT ON (customer_id) customer_id, withdrawn_at IS NULL AS given FROM customers_consent
    WHERE purpose = 'profiling' ORDER BY customer_id, greatest(given_at, withdrawn_at) DESC, id DESC
), live AS (
    SELECT DISTINCT customer_id FROM recommendations_suggestion
    WHERE state IN ('open', 'offered', 'interested', 'later')
), needed AS (
    SELECT DISTINCT customer_id FROM recommendations_customerneed WHERE state IN ('found', 'confirmed')
), answered AS (
    SELECT DISTINCT ON (a.suggestion_id) s.customer_id, a.state FROM recommendations_answer AS a
    JOIN recommendations_suggestion AS s ON s.id = a.suggestion_id
    WHERE a.at >= %(ninety)s AND a.at < %(end)s AND a.undone_at IS NULL
    ORDER BY a.suggestion_id, a.at DESC, a.id DESC
), treated AS (
    SELECT 'suggested' AS treated, agreed.customer_id, CAST(live.customer_id IS NOT NULL AS integer) AS part
    FROM agreed LEFT JOIN live USING (customer_id) WHERE agreed.given
    UNION ALL
    SELECT 'blocked', needed.customer_id, CAST(live.customer_id IS NULL AS integer)
    FROM needed JOIN agreed USING (customer_id) LEFT JOIN live USING (customer_id) WHERE agreed.given
    UNION ALL
    SELECT 'welcome', customer_id, CAST(state = 'interested' AS integer) FROM answered
    UNION ALL
    SELECT 'refused', customer_id, CAST(state IN ('refused', 'wrong') AS integer) FROM answered
)
SELECT
    CASE WHEN grouping(gender) = 0 THEN 'gender' WHEN grouping(age) = 0 THEN 'age' ELSE 'district' END AS dimension,
    treated,
    coalesce(CASE WHEN grouping(gender) = 0 THEN gender WHEN grouping(age) = 0 THEN age ELSE district END, '') AS "group",
    sum(part) AS part, count(*) AS whole
FROM treated JOIN person ON person.id = treated.customer_id
GROUP BY GROUPING SETS ((treated, gender), (treated, age), (treated, district))
