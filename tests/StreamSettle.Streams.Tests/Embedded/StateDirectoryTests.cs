using System.Runtime.Versioning;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tests.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

public sealed class StateDirectoryTests : IDisposable
{
    readonly TempDirectory temp = new();

    string Path => temp.Below("state");

    public void Dispose() => temp.Dispose();

    [Fact]
    public void The_identity_is_made_once_and_kept()
    {
        var log = LogHarness.Open(Path);
        Assert.True(log.IsNew);
        Assert.Equal(LogHarness.FirstIdentity, log.Identity);
        log.Close();

        var again = LogHarness.Open(Path);
        Assert.False(again.IsNew);
        Assert.Equal(LogHarness.FirstIdentity, again.Identity);
        again.Close();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_directory_is_its_owners_alone()
    {
        LogHarness.Open(Path).Close();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_directory_that_was_open_to_others_is_closed_with_all_that_is_in_it()
    {
        LogHarness.Open(Path).Close();
        var format = System.IO.Path.Combine(Path, "FORMAT");
        File.SetUnixFileMode(Path, (UnixFileMode)0x1ED);
        File.SetUnixFileMode(format, (UnixFileMode)0x1B4);

        LogHarness.Open(Path).Close();

        var others = (UnixFileMode)0x3F;
        Assert.All((string[])[Path, format], entry => Assert.Equal(default, File.GetUnixFileMode(entry) & others));
    }

    [Fact]
    public void A_second_owner_is_told_who_has_it()
    {
        var log = LogHarness.Open(Path);

        var mistake = Assert.Throws<UserMistakeException>(() => LogHarness.Open(Path));

        Assert.Contains($"is used by process {Environment.ProcessId}", mistake.Message, StringComparison.Ordinal);
        log.Close();
        LogHarness.Open(Path).Close();
    }

    [Fact]
    public void Another_number_of_partitions_is_refused_with_the_number_that_works()
    {
        LogHarness.Open(Path, partitions: 4).Close();

        var mistake = Assert.Throws<UserMistakeException>(() => LogHarness.Open(Path, partitions: 8));

        Assert.Contains("set Partitions back to 4", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_format_version_is_refused_with_both_versions()
    {
        LogHarness.Open(Path).Close();
        File.WriteAllText(System.IO.Path.Combine(Path, "FORMAT"), "streamsettle-state 7\n");

        var mistake = Assert.Throws<UserMistakeException>(() => LogHarness.Open(Path));

        Assert.Contains("has format version 7, this program knows version 1", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("holiday.jpg", "not empty and not ours")]
    [InlineData("FORMAT", "is not ours: its FORMAT file says")]
    public void A_directory_with_foreign_files_is_left_alone(string file, string reason)
    {
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, file), "x");

        var mistake = Assert.Throws<UserMistakeException>(() => LogHarness.Open(Path));

        Assert.Contains(reason, mistake.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(Path));
    }

    [Fact]
    public void A_path_that_is_a_file_is_an_environment_failure()
    {
        File.WriteAllText(Path, "x");

        Assert.Throws<EnvironmentFailedException>(() => LogHarness.Open(Path));
    }

    [Fact]
    public void A_directory_that_can_be_made_is_looked_for_without_a_trace()
    {
        Directory.CreateDirectory(Path);

        Assert.False(EmbeddedLog.HasState(System.IO.Path.Combine(Path, "below", "state")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path));
    }

    [Fact]
    public void Where_nobody_can_make_a_directory_a_look_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has a file system that refuses directories to every user");

        var mistake = Assert.Throws<UserMistakeException>(() => EmbeddedLog.HasState("/proc/streamsettle/state"));

        Assert.Contains("the state directory /proc/streamsettle/state cannot be made", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("name another StateDirectory", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_keeps_its_number_of_partitions()
    {
        var log = LogHarness.Open(Path);
        log.EnsureTopics([new TopicSpec("a", 2, TopicRetention.Keep), new TopicSpec("b", 3, TopicRetention.PurgeConsumed)]);
        log.EnsureTopics([new TopicSpec("a", 2, TopicRetention.PurgeConsumed)]);
        log.Close();

        var again = LogHarness.Open(Path);
        var mistake = Assert.Throws<UserMistakeException>(() => again.EnsureTopics([new TopicSpec("b", 4, TopicRetention.PurgeConsumed)]));
        Assert.Contains("'b' has 3 partitions", mistake.Message, StringComparison.Ordinal);
        Assert.Equal(0, again.EndOffset(new("b", 2)));
        Assert.Throws<UserMistakeException>(() => again.EndOffset(new("b", 3)));
        Assert.Throws<UserMistakeException>(() => again.EndOffset(new("c", 0)));
        again.Close();
    }
}
