using StreamSettle.App.Commands;
using StreamSettle.App.Http;
using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Reconciling.Output;

/// <summary>Asks the running service for what can be repaired: calls under their own keys, never anything new. It decides itself whether it may.</summary>
sealed class Repairs(ServiceApi api, TextWriter progress)
{
    /// <summary>Of one run, so that memory does not grow with what is wrong.</summary>
    const int Most = 10_000;

    readonly List<Discrepancy> waiting = [];
    long others;

    /// <summary>Reached, and by a key that it takes, before hours are spent on a comparison.</summary>
    /// <exception cref="UserMistakeException">Wrong address or key.</exception>
    /// <exception cref="EnvironmentFailedException">It cannot be reached.</exception>
    public Task ReachAsync(CancellationToken stop) => api.AskAsync(HttpMethod.Get, "api/v1/dead-letters?limit=1", null, stop);

    public void Add(Discrepancy one)
    {
        if (one.Repair != RepairKind.None && waiting.Count < Most)
        {
            waiting.Add(one);
        }
        else
        {
            others++;
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        foreach (var one in waiting)
        {
            var key = Uri.EscapeDataString(one.Subject);
            progress.WriteLine(await AskAsync(one.Subject, one.Repair == RepairKind.SendAgain ? $"api/v1/calls/{key}/send-again" : $"api/v1/dead-letters/{key}/replay", stop));
        }

        if (others > 0)
        {
            progress.WriteLine($"{others} discrepancies are none that the service can repair: docs/reconcile.md says what to do.");
        }
    }

    async Task<string> AskAsync(string key, string path, CancellationToken stop)
    {
        try
        {
            var accepted = api.Read(await api.AskAsync(HttpMethod.Post, path, null, stop), ApiJson.Default.AcceptedAnswer);
            return $"{key}: {accepted.Action} accepted (request {accepted.RequestId})";
        }
        catch (UserMistakeException refused)
        {
            return $"{key}: not repaired: {refused.Message}";
        }
    }
}
