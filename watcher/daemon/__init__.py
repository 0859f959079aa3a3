"""The daemon: threads, schedule, signals. It holds no judgement, only the order in which accounts get their turn.

One selector thread (`waiter`) waits for all IDLE connections at once. A connection that stirs is handed to a small
pool, where its `watch` attends to it; an account is attended to by one thread at a time (`turns`). APScheduler
(`schedule`) calls every account at each interval, since neither IDLE nor a network can be relied upon.
"""
