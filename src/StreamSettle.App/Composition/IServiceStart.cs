using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.Composition;

/// <summary>
/// What a start does before the service is composed: opens what there is, refuses by the list of checks, and only then makes and registers what there is not. Disposed
/// of when the start came no further; else all of it is the service's.
/// </summary>
interface IServiceStart : IAsyncDisposable
{
    MartenEventLog EventLog { get; }

    /// <summary>Open after <see cref="PrepareAsync"/>.</summary>
    IStreamLog Log { get; }

    /// <summary>Makes this process the only one by its identity; null where several are meant to run.</summary>
    LogLease? Lease { get; }

    /// <summary>No start came as far as deciding which orders are ours.</summary>
    bool IsFirst { get; }

    /// <summary>The state was made anew from the event log, and the source is still to be read as a whole.</summary>
    bool IsRebuilt => false;

    /// <exception cref="UserMistakeException">The configuration, the state directory, the source or the event log are not as they must be.</exception>
    /// <exception cref="EnvironmentFailedException">Something around cannot be reached.</exception>
    Task PrepareAsync(CancellationToken stop);

    /// <summary>A start that failed leaves the event log to whoever comes next.</summary>
    Task WithdrawAsync();
}
