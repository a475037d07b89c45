using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Registry.Subjects;

namespace StreamSettle.Schemas.Messages;

/// <summary>Gives the schemas of our messages the ids of a registry, before anything is written by them.</summary>
/// <param name="subjects">Under which subjects a schema is registered, one at least; records carry the id of the first.</param>
public sealed class MessageRegistration(MessageSchemas schemas, RegistrySubjects registry, Func<MessageSchema, IReadOnlyList<string>> subjects, TimeProvider time)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Registers what is not registered yet. While the registry is away, what the state directory has kept is taken; what it has not is waited for, with growing pauses.
    /// </summary>
    /// <param name="tell">Why it waits; null when it does no more.</param>
    /// <exception cref="UserMistakeException">A schema does not fit what is registered, or the registry does not let us in or write.</exception>
    /// <exception cref="EnvironmentFailedException">The state directory cannot be written.</exception>
    public async Task RunAsync(Action<string?> tell, CancellationToken stop)
    {
        foreach (var message in MessageSchema.All)
        {
            schemas.Use(message, await IdOfAsync(message, tell, stop).ConfigureAwait(false));
        }

        tell(null);
    }

    async Task<int> IdOfAsync(MessageSchema message, Action<string?> tell, CancellationToken stop)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                List<int> ids = [];
                foreach (var subject in subjects(message))
                {
                    ids.Add(await PlaceAsync(message, subject).ConfigureAwait(false));
                }

                return ids[0];
            }
            catch (EnvironmentFailedException away)
            {
                if (schemas.KeptIdOf(message) is { } id)
                {
                    return id;
                }

                tell($"records of ours are written in Avro (Formats:Internal), and {message} has no id yet: {away.Message}");
            }

            await Task.Delay(pause, time, stop).ConfigureAwait(false);
        }
    }

    async Task<int> PlaceAsync(MessageSchema message, string subject)
    {
        if (await registry.FindAsync(message.File, subject).ConfigureAwait(false) is { } there)
        {
            return there.Id;
        }

        var problems = await registry.ProblemsAsync(message.File, await registry.ReadAsync(subject).ConfigureAwait(false)).ConfigureAwait(false);
        if (problems.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        var (place, refusal) = await registry.RegisterAsync(message.File, subject).ConfigureAwait(false);
        return place?.Id ?? throw new UserMistakeException(refusal!.ToString());
    }
}
