using System.Text;
using StreamSettle.Connectors.Embedded.Streaming;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class SourceMarksTests
{
    readonly SourceMarks marks = new("shop", "run1");

    [Theory]
    [InlineData("streamsettle", "shop/run1/77", true)]
    [InlineData("streamsettle", "shop/run2/77", false)]
    [InlineData("streamsettle", "other/run1/77", false)]
    [InlineData("streamsettle", "shop/run1/77x", false)]
    [InlineData("streamsettle", "shop/run1/", false)]
    [InlineData("streamsettle2", "shop/run1/77", false)]
    [InlineData("others", "shop/run1/77", false)]
    public void Only_what_this_run_of_this_service_wrote_is_its_mark(string prefix, string content, bool ours)
    {
        Assert.Equal(ours, marks.TryRead(Encoding.UTF8.GetBytes(prefix), Encoding.UTF8.GetBytes(content), out var at));
        Assert.True(!ours || at == 77);
    }
}
