using StreamSettle.App.Access;
using StreamSettle.Integration.Tests.Access;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

public class TargetInfoTests
{
    [Fact]
    public async Task Metrics_say_whose_they_are()
    {
        await using var web = await StartedWeb.StartAsync([Role.Viewer]);

        var answer = await RawHttp.AskAsync(web.Url, "GET", "/metrics", $"Bearer {StartedWeb.KeyOf(Role.Viewer)}");

        Assert.Contains("service_name=\"streamsettle\"", answer.Body, StringComparison.Ordinal);
    }
}
