using StreamSettle.App.Http.Answers;
using StreamSettle.Sandbox.Auditing;

namespace StreamSettle.App.Demo;

/// <summary>The road that the demo's orders take: the service in this process, or instances of it on a cluster.</summary>
interface IDemoService : IAsyncDisposable
{
    /// <summary>Where its dashboard is.</summary>
    string Address { get; }

    /// <summary>What is worth knowing of it now; empty when nothing is.</summary>
    string News { get; }

    /// <summary>What other commands need to know of it besides <c>Urls</c>, a key and the source.</summary>
    IReadOnlyDictionary<string, string?> ForCommands { get; }

    /// <summary>What can be typed from another terminal while it runs, besides what goes to the API.</summary>
    /// <param name="settingsFile">A file with <see cref="ForCommands"/>.</param>
    IEnumerable<string> Looks(string settingsFile);

    /// <returns>Null while it does not answer. Fails with what stopped it.</returns>
    Task<StatusAnswer?> StatusAsync(CancellationToken stop);

    /// <summary>False while it is known to be on its way to something that its status does not show.</summary>
    bool IsAtRest { get; }

    /// <summary>What the auditor is to tolerate of it.</summary>
    AuditOptions Tolerance { get; }

    /// <summary>Returns after <paramref name="stop"/>; fails with what stopped it.</summary>
    Task WaitAsync(CancellationToken stop);
}
