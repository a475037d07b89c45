using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.App.Checks;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class KeptNamesTests
{
    const string Directory = "/var/lib/state";

    static readonly KeptNames Names = new("streamsettle", "shop");

    [Fact]
    public void What_a_state_was_begun_by_stays()
    {
        Names.Compare(Directory, Kept(Names));

        var refused = Assert.Throws<UserMistakeException>(() => new KeptNames("streamsettle", "boutique").Compare(Directory, Kept(Names)));
        Assert.Contains("Source:Topic is 'boutique'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("set Source:Topic back to 'shop'", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ApplicationId", refused.Message, StringComparison.Ordinal);
        refused = Assert.Throws<UserMistakeException>(() => new KeptNames("two\nlines", "shop").Compare(Directory, Kept(Names)));
        Assert.Contains("set ApplicationId back to 'streamsettle'", refused.Message, StringComparison.Ordinal);
        new KeptNames("two\nlines", "shop").Compare(Directory, Kept(new("two\nlines", "shop")));
    }

    [Fact]
    public void What_is_no_pair_of_names_is_never_taken_for_one() => Assert.Throws<CorruptStateException>(() => Names.Compare(Directory, _ => "shop"u8.ToArray()));

    [Fact]
    public async Task A_state_of_an_earlier_release_takes_the_names_of_now_once()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("streamsettle-names-").FullName;
        try
        {
            await using var log = EmbeddedLog.Open(new() { Directory = directory, Partitions = 1 }, Guid.NewGuid, NullLogger.Instance);
            Names.Compare(directory, log.ReadMetadata);
            Names.KeepWhereNone(log);
            new KeptNames("another", "boutique").KeepWhereNone(log);

            Names.Compare(directory, log.ReadMetadata);
            Assert.Throws<UserMistakeException>(() => new KeptNames("another", "shop").Compare(directory, log.ReadMetadata));
        }
        finally
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
    }

    static Func<string, byte[]?> Kept(KeptNames names) => name => name == names.Entry.Name ? names.Entry.Value : null;
}
