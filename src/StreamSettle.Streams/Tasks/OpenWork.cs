namespace StreamSettle.Streams.Tasks;

/// <summary>Whether the tasks of one thread have read or stored anything since the last commit: one look, where one at each store and queue costs more than an idle round.</summary>
sealed class OpenWork
{
    public bool Any { get; set; }
}
