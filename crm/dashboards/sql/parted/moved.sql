-- Customers who stand in another segment than 90 days ago, as "from>to" by code; who came back has not moved.
SELECT c.branch_id, c.owner_id, concat(f.code, '>', t.code) AS key, count(*) AS part, 0 AS whole
FROM (
    SELECT DISTINCT
        customer_id,
        first_value(from_segment_id) OVER (PARTITION BY customer_id ORDER BY day, id) AS from_id,
        first_value(to_segment_id) OVER (PARTITION BY customer_id ORDER BY day DESC, id DESC) AS to_id
    FROM customers_segmentmove WHERE day BETWEEN %(ninety_day)s AND %(day)s
) AS m
JOIN customers_customer AS c ON c.id = m.customer_id
JOIN customers_segment AS f ON f.id = m.from_id
JOIN customers_segment AS t ON t.id = m.to_id
WHERE c.status = 'active' AND m.from_id <> m.to_id
GROUP BY c.branch_id, c.owner_id, key
