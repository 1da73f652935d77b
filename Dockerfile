# One image for web, worker, beat and the public pages. No compiler, no Node.js, no root at run time.
FROM node:22-slim AS frontend
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.11-slim AS app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/srv/venv/bin:$PATH STATIC_ROOT=/srv/static BEAT_SCHEDULE_FILE=/tmp/beat
WORKDIR /srv/zhike
RUN useradd --system --create-home zhike && python -m venv /srv/venv
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
COPY --from=frontend /src/node_modules/modern-normalize/modern-normalize.css static/vendor/
# Collecting static files and compiling messages ask nothing of any server: the values below are never used again.
RUN export ZHIKE_LOCAL=1 SECRET_KEY=build DATABASE_URL=postgres://build@/build REDIS_URL=unix:///build \
        FIELD_KEYS=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= FIELD_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    && python manage.py messages --compile && python manage.py collectstatic --noinput
USER zhike
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=4", "crm.wsgi:application"]
