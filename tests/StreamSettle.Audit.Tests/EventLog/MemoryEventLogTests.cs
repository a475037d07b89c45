using StreamSettle.Audit.EventLog;

namespace StreamSettle.Audit.Tests.EventLog;

public sealed class MemoryEventLogTests : EventLogContract
{
    protected override Task<IEventLog> NewLogAsync() => Task.FromResult<IEventLog>(new MemoryEventLog(TimeProvider.System));
}
