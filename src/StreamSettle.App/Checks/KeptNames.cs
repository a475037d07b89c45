using System.Text;
using StreamSettle.App.Configuration;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.Checks;

/// <summary>
/// By which names a state directory was begun, kept with it. Under another <c>Source:Topic</c> what the capture has written and nobody has read yet would be passed over, cancellations
/// among it. Under another <c>ApplicationId</c> all that is still in the log would be read again from the beginning: what operators have asked for would be done twice, and what only the
/// former group was to read would be kept for ever. On Kafka both are names of topics and groups of the cluster, and another name is another application.
/// </summary>
sealed record KeptNames(string ApplicationId, string SourceTopic)
{
    const string MetadataName = "names";

    /// <summary>The group under which they are written; it reads nothing.</summary>
    const string Group = "first-start";

    /// <summary>Between the two: the second never has it.</summary>
    const char Separator = '\n';

    public static KeptNames Of(ServiceOptions options) => new(options.ApplicationId, options.Source.TopicPrefix);

    /// <summary>For the commit by which a first start keeps what it has decided.</summary>
    public (string Name, byte[] Value) Entry => (MetadataName, Encoding.UTF8.GetBytes($"{ApplicationId}{Separator}{SourceTopic}"));

    /// <param name="directory">Where the state is.</param>
    /// <exception cref="UserMistakeException">It was begun by other names.</exception>
    public void Compare(string directory, Func<string, byte[]?> metadata)
    {
        if (Read(metadata) is not { } kept)
        {
            return;
        }

        var others = new[] { (Key: "ApplicationId", Now: ApplicationId, Kept: kept.ApplicationId), (Key: "Source:Topic", Now: SourceTopic, Kept: kept.SourceTopic) }
            .Where(name => name.Now != name.Kept).ToList();
        if (others.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, others.Select(other =>
                $"{other.Key} is '{other.Now}', but the state in {directory} was begun with '{other.Kept}', and what is in it goes by that: set {other.Key} back to '{other.Kept}'.")));
        }
    }

    /// <summary>A state of a release that kept none takes those of now.</summary>
    public void KeepWhereNone(IStreamLog log)
    {
        if (Read(log.ReadMetadata) is not null)
        {
            return;
        }

        var commit = new LogCommit();
        commit.Metadata.Add(Entry);
        using var client = log.OpenClient(Group, Group);
        client.Commit(commit);
    }

    static KeptNames? Read(Func<string, byte[]?> metadata)
    {
        if (metadata(MetadataName) is not { } bytes)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes);
        return text.LastIndexOf(Separator) is var end and >= 0
            ? new(text[..end], text[(end + 1)..])
            : throw new CorruptStateException($"the state has kept '{text}' as its names; restore the directory from a backup");
    }
}
