using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.App.Http;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Integration.Tests.Access;

public class FailureAnswersTests
{
    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new TransactionAbortedException("the commit did not happen: No space left on device"), 503, "No space left on device" },
        { new EnvironmentFailedException("the event log is away"), 503, "the event log is away" },
        { new InvalidOperationException("inner words"), 500, "its log says more" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_is_a_problem_that_says_who_must_act(Exception failure, int status, string detail)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } };

        Assert.True(await new FailureAnswers(NullLogger<FailureAnswers>.Instance).TryHandleAsync(http, failure, CancellationToken.None));

        http.Response.Body.Position = 0;
        var said = await new StreamReader(http.Response.Body).ReadToEndAsync();
        Assert.Equal((status, "application/problem+json"), (http.Response.StatusCode, http.Response.ContentType));
        Assert.Contains(detail, said, StringComparison.Ordinal);
        Assert.DoesNotContain("inner words", said, StringComparison.Ordinal);
    }
}
