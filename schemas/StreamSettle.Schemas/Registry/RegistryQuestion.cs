using StreamSettle.Kernel.Time;

namespace StreamSettle.Schemas.Registry;

/// <summary>A schema that a registry has been asked for and has not answered about.</summary>
/// <param name="reason">Why there is no answer.</param>
internal sealed class RegistryQuestion(SchemaName name, UtcInstant since, string reason)
{
    Task asking = Task.CompletedTask;

    public SchemaName Name { get; } = name;

    public UtcInstant Since { get; } = since;

    public string Reason { get; set; } = reason;

    /// <summary>A record is held back for it.</summary>
    public bool IsWaitedFor { get; set; }

    public void Ask(Func<Task> ask) => asking = Task.Run(ask);

    /// <summary>Waits for the answer if nobody has waited in vain before; what broke the asking breaks who waits.</summary>
    public void AwaitFirst(TimeSpan patience, TimeProvider time)
    {
        if (!IsWaitedFor)
        {
            using var answered = new CancellationTokenSource();
            Task.WaitAny(asking, Task.Delay(patience, time, answered.Token));
            answered.Cancel();
        }

        if (asking.IsFaulted)
        {
            asking.GetAwaiter().GetResult();
        }
    }
}
