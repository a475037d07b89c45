using System.Text.Json;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Watching;

namespace StreamSettle.App.Running;

/// <summary>
/// The status of all instances: each counts what its own tasks do, so the others are asked for theirs. What cannot be heard is named, and never counted as nothing.
/// </summary>
static class GroupStatus
{
    /// <summary>Value of <c>scope</c>: the instance's own alone.</summary>
    public const string OneInstance = "instance";

    /// <param name="partitions">Of the facts, in all.</param>
    /// <param name="authorization">The caller's own: what he may see of one instance he may see of all.</param>
    public static async Task<StatusAnswer> CompleteAsync(StatusAnswer own, int partitions, string? authorization, CancellationToken stop)
    {
        var heard = await Task.WhenAll(own.Instances.Select(instance => instance.Self ? Task.FromResult(new Heard(instance, null)) : AskAsync(instance, authorization, stop)));
        var sum = heard.Select(one => one.Answer).OfType<StatusAnswer>().Aggregate(own, StatusSum.Add);
        var silent = heard.Where(one => one is { Instance.Self: false, Answer: null }).Select(one => $"instance {one.Instance.Id}: {one.Instance.State}; its counts are not among these");
        return sum with { Audit = AllRead(sum.Audit, partitions), Instances = [.. heard.Select(one => one.Instance)], NotReady = [.. sum.NotReady, .. silent.Where(_ => !sum.Ready)] };
    }

    /// <summary>What nobody reads counts nowhere, so it is not taken as nothing.</summary>
    internal static AuditAnswer AllRead(AuditAnswer audit, int partitions) => audit.Partitions >= partitions || audit.Health > Health.Warning
        ? audit
        : audit with
        {
            State = "unread",
            Reason = $"{partitions - audit.Partitions} of {partitions} partitions of facts are read by nobody who answers: what they hold is not in the event log yet, and how much it is is not known",
            Health = Health.Warning,
        };

    static async Task<Heard> AskAsync(InstanceAnswer instance, string? authorization, CancellationToken stop)
    {
        if (instance.Url is null)
        {
            return new(instance with { State = "it names no Kafka:AdvertisedUrl, so it cannot be asked", Health = Health.Warning }, null);
        }

        try
        {
            using var request = Neighbours.Get(instance.Url, $"/api/v1/status?scope={OneInstance}", authorization);
            using var answer = await Neighbours.Http.SendAsync(request, stop);
            return !answer.IsSuccessStatusCode
                ? new(instance with { State = $"it answers {(int)answer.StatusCode}", Health = Health.Warning }, null)
                : new(instance with { State = "heard" }, JsonSerializer.Deserialize(await answer.Content.ReadAsStreamAsync(stop), ApiJson.Default.StatusAnswer));
        }
        catch (Exception away) when (away is HttpRequestException or IOException or JsonException or UriFormatException || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new(instance with { State = $"it cannot be heard: {FailureText.Of(away)}", Health = Health.Bad }, null);
        }
    }

    /// <summary>What came of asking an instance.</summary>
    /// <param name="Answer">Null where it was not heard.</param>
    sealed record Heard(InstanceAnswer Instance, StatusAnswer? Answer);
}
