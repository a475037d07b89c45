using StreamSettle.Audit.EventLog;

namespace StreamSettle.Audit.Tests.EventLog;

public sealed class MemoryEventLogTests : EventLogContract
{
    protected override IEventLog NewLog() => new MemoryEventLog(TimeProvider.System);
}
