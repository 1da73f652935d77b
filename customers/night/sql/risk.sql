-- The risk a customer bears by the last assessment up to :day.
-- risk_level        1 (C1) to 5 (C5)
-- risk_valid_until  the last day it counts

SELECT customer_id, CAST(level AS integer) AS risk_level, valid_until AS risk_valid_until
FROM (
    SELECT
        customer_id, level, valid_until,
        row_number() OVER (PARTITION BY customer_id ORDER BY assessed_on DESC) AS recency
    FROM customers_riskassessment
    WHERE customer_id BETWEEN :first AND :last AND assessed_on <= :day
) AS assessed
WHERE recency = 1
