-- The credit score fell by :points or more against the one before, of a customer with a loan that is not paid back.
-- Only while the customer's authorisation for the enquiry lasts.

SELECT customer_id, CAST(scored_on AS text) AS cause, scored_on AS day,
    jsonb_build_array(jsonb_build_object('on', scored_on, 'score', score, 'before', before, 'before_on', before_on))
        AS evidence
FROM (
    SELECT customer_id, scored_on, score, authorised_until,
        lag(score) OVER scores AS before, lag(scored_on) OVER scores AS before_on,
        row_number() OVER (PARTITION BY customer_id ORDER BY scored_on DESC) AS recency
    FROM customers_creditscore
    WHERE customer_id BETWEEN :first AND :last AND scored_on <= :day
    WINDOW scores AS (PARTITION BY customer_id ORDER BY scored_on)
) AS s
WHERE recency = 1 AND before - score >= :points AND authorised_until >= :day
    AND EXISTS (SELECT FROM customers_stagedfeatures AS f
        WHERE f.run = :run AND f.customer_id = s.customer_id AND f.loan_outstanding > 0)
