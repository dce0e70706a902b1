# A bookshop instrumented for AWS X-Ray. Segments of the last 50 minutes go through boto3, as the daemon sends them; one
# more request is traced now, by the X-Ray SDK over UDP.
#   /usr/bin/python3 bookshop.py http://127.0.0.1:2539 127.0.0.1:2000
import json
import random
import sys
import time

import boto3
from aws_xray_sdk.core import xray_recorder

endpoint, daemon = sys.argv[1:]
dice = random.Random(7)


def new_id():
    return f"{dice.getrandbits(64) | 1:016x}"


def around(seconds):
    return seconds * dice.lognormvariate(0, 0.5)


class Trace:
    def __init__(self, start):
        self.id = f"1-{int(start):08x}-{dice.getrandbits(96) | 1:024x}"
        self.documents = []

    def segment(self, name, start, took, parent=None, **more):
        document = {"trace_id": self.id, "id": new_id(), "name": name, "start_time": start, "end_time": start + took, "subsegments": [], **more}
        if parent:
            document["parent_id"] = parent["id"]
        self.documents.append(document)
        return document


def call(segment, name, start, took, namespace="remote", **more):
    child = {"id": new_id(), "name": name, "namespace": namespace, "start_time": start, "end_time": start + took, **more}
    segment["subsegments"].append(child)
    return child


def browse(start):
    """A reader looks for a book: a search in a table, now and then a slow or a throttled one."""
    trace = Trace(start)
    slow = dice.random() < 0.06
    throttled = dice.random() < 0.05
    search = around(0.9 if slow else 0.03)
    status = 429 if throttled else 404 if dice.random() < 0.04 else 200
    flags = {"error": True} if status >= 400 else {}
    if throttled:
        flags["throttle"] = True
    front = trace.segment(
        "books.example", start, search + 0.02, origin="AWS::ECS::Container", user=f"reader-{dice.randrange(40)}",
        http={"request": {"method": "GET", "url": "https://books.example/search", "client_ip": "198.51.100.7", "user_agent": "Firefox/133.0"}, "response": {"status": status}},
        annotations={"plan": dice.choice(["free", "paid"]), "shelf": dice.choice(["novels", "poems", "maps"])}, **flags)
    asked = call(front, "catalogue.internal", start + 0.005, search + 0.01, http={"response": {"status": status}}, **flags)
    back = trace.segment("catalogue", start + 0.007, search + 0.005, parent=asked, **flags)
    call(back, "DynamoDB", start + 0.009, search, "aws", aws={"operation": "Query", "table_name": "books", "region": "eu-central-1"}, **flags)
    return trace


def order(start):
    """An order: a statement in the database, a payment elsewhere, a message for the warehouse."""
    trace = Trace(start)
    declined = dice.random() < 0.12
    statement, payment = around(0.012), around(0.25)
    took = statement + payment + 0.03
    front = trace.segment(
        "books.example", start, took + 0.01, origin="AWS::ECS::Container", fault=declined,
        http={"request": {"method": "POST", "url": "https://books.example/orders"}, "response": {"status": 502 if declined else 201}},
        annotations={"plan": "paid", "books": dice.randrange(1, 6)})
    asked = call(front, "orders.internal", start + 0.004, took, http={"response": {"status": 502 if declined else 201}}, fault=declined)
    orders = trace.segment("orders", start + 0.006, took - 0.004, parent=asked, fault=declined, metadata={"default": {"basket": {"books": ["Middlemarch", "Walden"], "weight_g": 980}}})
    call(orders, "shop@db.internal", start + 0.008, statement, sql={"sanitized_query": "INSERT INTO orders (reader, book) VALUES (?, ?)", "database_type": "PostgreSQL", "user": "orders"})
    paid = call(orders, "pay.bank.example", start + 0.01 + statement, payment, http={"request": {"method": "POST", "url": "https://pay.bank.example/v2/charges"}, "response": {"status": 503 if declined else 200}}, fault=declined)
    if declined:
        paid["cause"] = {"working_directory": "/srv/orders", "exceptions": [{
            "id": new_id(), "type": "BankUnreachable", "message": "no answer from the bank after 3 attempts", "remote": True, "truncated": 0,
            "stack": [{"path": "orders/pay.py", "line": 61, "label": "charge"}, {"path": "orders/place.py", "line": 22, "label": "place_order"}]}]}
    else:
        call(orders, "SQS", start + 0.015 + statement + payment, 0.008, "aws", aws={"operation": "SendMessage", "queue_url": "https://sqs.eu-central-1.amazonaws.com/123456789012/warehouse", "retries": 0})
    return trace


def send_history(now, count):
    client = boto3.client("xray", endpoint_url=endpoint)
    traces = [(order if dice.random() < 0.3 else browse)(now - 5 - 3000 * share / count) for share in range(count)]
    documents = [json.dumps(document) for trace in traces for document in trace.documents]
    for first in range(0, len(documents), 50):
        refused = client.put_trace_segments(TraceSegmentDocuments=documents[first:first + 50])["UnprocessedTraceSegments"]
        assert not refused, refused


@xray_recorder.capture("add up")
def add_up():
    time.sleep(0.01)
    raise ValueError("a price is missing: book 4711")


def trace_one():
    """The SDK itself, over UDP: a report that fails, with a stack, metadata and a statement."""
    xray_recorder.configure(service="reports", sampling=False, daemon_address=daemon, context_missing="LOG_ERROR")
    segment = xray_recorder.begin_segment("reports")
    segment.put_annotation("report", "sales of the week")
    segment.put_metadata("parameters", {"from": "2026-03-02", "shelves": ["novels", "maps"], "currency": "EUR"}, "reports")
    segment.put_http_meta("method", "GET")
    segment.put_http_meta("url", "https://books.example/reports/sales")
    segment.put_http_meta("status", 500)
    statement = xray_recorder.begin_subsegment("sales@db.internal", namespace="remote")
    statement.set_sql({"sanitized_query": "SELECT shelf, sum(price) FROM sales WHERE day >= ? GROUP BY shelf", "database_type": "PostgreSQL", "database_version": "15.8", "user": "reports"})
    time.sleep(0.02)
    xray_recorder.end_subsegment()
    try:
        add_up()
    except ValueError:
        pass
    segment.add_fault_flag()
    trace_id = segment.trace_id
    xray_recorder.end_segment()
    return trace_id


send_history(time.time(), 240)
print(trace_one())
