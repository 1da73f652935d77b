-- A loan that is overdue for :days days or more. The cause is the day it fell due: a loan overdue again is a new one.

SELECT customer_id, concat_ws(':', reference, day - overdue_days) AS cause, day,
    jsonb_build_array(jsonb_build_object(
        'on', day, 'product', product, 'overdue_days', overdue_days, 'amount', -overdue_amount, 'currency', currency
    )) AS evidence
FROM (
    SELECT l.customer_id, l.reference, l.product, l.currency, s.day, s.state, s.overdue_days, s.overdue_amount,
        row_number() OVER (PARTITION BY l.id ORDER BY s.day DESC) AS recency
    FROM customers_loan AS l JOIN customers_loanstate AS s ON s.loan_id = l.id
    WHERE l.customer_id BETWEEN :first AND :last AND s.day <= :day
) AS stood
WHERE recency = 1 AND state = 'overdue' AND overdue_days >= :days
