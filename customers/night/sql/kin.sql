-- Children that the bank was told of; unknown where nobody said so. What is of a child under 14 counts only while its
-- guardian agrees (PIPL Art. 31).
-- children       how many: by name or as customers, or as births
-- child_born_on  when the youngest of whom that is known was born

SELECT
    customer_id,
    CAST(greatest(sum(named), sum(born)) AS integer) AS children,
    max(born_on) AS child_born_on
FROM (
    SELECT r.customer_id, 1 AS named, 0 AS born, c.birth_date AS born_on, r.young AS guarded
    FROM customers_relation AS r
    LEFT JOIN customers_customer AS c ON c.id = r.other_id
    WHERE r.customer_id BETWEEN :first AND :last AND r.kind = 'child'
    UNION ALL
    SELECT r.other_id AS customer_id, 1 AS named, 0 AS born, c.birth_date AS born_on, r.young AS guarded
    FROM customers_relation AS r
    JOIN customers_customer AS c ON c.id = r.customer_id
    WHERE r.other_id BETWEEN :first AND :last AND r.kind = 'parent'
    UNION ALL
    SELECT customer_id, 0 AS named, 1 AS born, "on" AS born_on, of_child AS guarded
    FROM customers_lifeevent
    WHERE customer_id BETWEEN :first AND :last AND kind = 'birth' AND state = 'confirmed' AND NOT planned
        AND "on" <= :day
) AS told
WHERE NOT guarded OR EXISTS (
    SELECT 1 FROM customers_consent AS g
    WHERE g.customer_id = told.customer_id AND g.purpose = 'child' AND g.given_at IS NOT NULL
        AND g.withdrawn_at IS NULL)
GROUP BY customer_id
