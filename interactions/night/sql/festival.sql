-- Festivals that come up, for the segments and tags that the admin chose and from the age on that was chosen. Not while
-- sales wait. How many a manager has at most is counted as the night is published: here only a part of the bank is seen.

SELECT
    c.id AS customer_id,
    f.name || ':' || date_part('year', f.on_day) AS cause,
    f.due,
    jsonb_build_object('name', f.name, 'on', f.on_day) AS values
FROM customers_customer AS c
CROSS JOIN unnest(:festival_names::text[], :festivals::date[], :festival_dues::date[]) AS f (name, on_day, due)
JOIN interactions_festival AS chosen ON chosen.name = f.name AND chosen.active
LEFT JOIN customers_stagedmembership AS m ON m.run = :run AND m.customer_id = c.id
WHERE c.id BETWEEN :first AND :last AND c.owner_id IS NOT NULL
    AND (chosen.from_age IS NULL
        OR CAST(c.birth_date + make_interval(years => chosen.from_age) AS date) <= f.on_day)
    AND (EXISTS (SELECT FROM interactions_festival_segments AS s
            WHERE s.festival_id = chosen.id AND s.segment_id = m.segment_id)
        OR EXISTS (SELECT FROM customers_customertag AS t JOIN customers_tag AS w ON w.id = t.tag_id
            WHERE t.customer_id = c.id AND w.name = ANY (chosen.tags)))
    AND NOT EXISTS (SELECT FROM interactions_pause AS p
        WHERE p.customer_id = c.id AND p.since <= :day AND p.until > :day)
