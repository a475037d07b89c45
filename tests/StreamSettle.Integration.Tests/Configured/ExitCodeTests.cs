using StreamSettle.App.Commands;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

public class ExitCodeTests
{
    public static TheoryData<Exception, int> Failures => new()
    {
        { new UserMistakeException("key"), ExitCodes.Mistake },
        { new EnvironmentFailedException("away"), ExitCodes.Environment },
        { new IOException("disk"), ExitCodes.Environment },
        { new CorruptStateException("bytes"), ExitCodes.Broken },
        { new BrokenInvariantException("I3"), ExitCodes.Broken },
        { new NullReferenceException(), ExitCodes.Broken },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_ends_with_the_code_of_who_must_act(Exception failure, int code) =>
        Assert.Equal(code, await CommandLine.GuardAsync(CancellationToken.None, () => Task.FromException<int>(failure)));

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_no_good_end() =>
        Assert.Equal(ExitCodes.Environment, await CommandLine.GuardAsync(CancellationToken.None, () => Task.FromException<int>(new TaskCanceledException())));

    [Fact]
    public async Task An_end_that_was_asked_for_is_a_good_one_of_what_runs_until_it_is_stopped() =>
        Assert.Equal(ExitCodes.Done, await CommandLine.UntilStoppedAsync(new CancellationToken(canceled: true), () => Task.FromException<int>(new TaskCanceledException())));
}
