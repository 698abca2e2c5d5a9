# One image for web, worker and beat; docker-compose.yml says which of them a container is.
FROM python:3.11-slim

# The zones of the pinned tzdata package count, so that all processes know the same clock changes.
# One heap for all threads of a process: with one for each an open stream takes half as much memory again.
ENV MALLOC_ARENA_MAX=1
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONTZPATH="" PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/roundtable
RUN useradd --system --no-create-home roundtable

COPY requirements.txt .
RUN pip install --quiet --require-hashes -r requirements.txt
COPY . .
# Static files are the same for every installation; the values are made up, and end with this line.
RUN SECRET_KEY=build FIELD_KEYS=build ALLOWED_HOSTS=build python manage.py collectstatic --noinput --verbosity=0

USER roundtable
EXPOSE 8000
CMD ["uvicorn", "roundtable.asgi:application", "--host=0.0.0.0", "--port=8000", "--no-access-log", "--lifespan=off", "--timeout-graceful-shutdown=20"]
