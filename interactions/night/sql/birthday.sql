-- Birthdays that come within three days, or after days without work that begin within three. Due: the day itself, or the
-- working day before. Who was born on 29 February has it on 1 March in other years, as ages are counted here.

SELECT
    c.id AS customer_id,
    CAST(date_part('year', b.on_day) AS text) AS cause,
    b.due,
    jsonb_build_object(
        'on', b.on_day, 'age', CAST(date_part('year', b.on_day) - date_part('year', c.birth_date) AS integer)
    ) AS values
FROM customers_customer AS c
JOIN unnest(:birthday_months::int[], :birthday_days::int[], :birthdays::date[], :birthday_dues::date[])
    AS b (month, day, on_day, due)
    ON date_part('month', c.birth_date) = b.month AND date_part('day', c.birth_date) = b.day
WHERE c.id BETWEEN :first AND :last AND c.birth_date < :day
