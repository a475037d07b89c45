using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>One call by its events.</summary>
internal sealed class CallHistory(string key)
{
    public string Key { get; } = key;

    public List<LoggedEvent> Confirmed { get; } = [];

    /// <summary>The dead letter that waits for a person; null when there is none, or none any more.</summary>
    public LoggedEvent? DeadLetter { get; set; }

    public bool Discarded { get; set; }

    /// <summary>How often the log tells that its system undid it.</summary>
    public int Returned { get; set; }

    /// <summary>When a person sent it again.</summary>
    public List<UtcInstant> ReplayedAt { get; } = [];

    public List<UtcInstant> DeadLetteredAt { get; } = [];
}
