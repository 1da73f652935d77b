-- Who reaches the statutory retirement age within twelve months: once. The table: interactions/retirement.py.

SELECT
    c.id AS customer_id,
    'once' AS cause,
    CAST(:working_day AS date) AS due,
    jsonb_build_object('on', r.on_day, 'years', t.months / 12, 'months', t.months % 12) AS values
FROM customers_customer AS c
JOIN unnest(:line_genders::text[], :line_workers::bool[], :line_firsts::date[], :line_befores::date[],
    :line_months::int[]) AS t (gender, worker, first_birth, birth_before, months)
    ON t.gender = c.gender AND c.birth_date >= t.first_birth AND c.birth_date < t.birth_before
    AND (t.worker IS NULL OR t.worker = (c.occupation ILIKE ANY (:worker_patterns)))
CROSS JOIN LATERAL (SELECT CAST(c.birth_date + make_interval(months => t.months) AS date) AS on_day) AS r
WHERE c.id BETWEEN :first AND :last
    AND r.on_day > :day AND r.on_day <= CAST(CAST(:day AS date) + INTERVAL '12 months' AS date)
    AND c.occupation NOT LIKE '%退休%'
