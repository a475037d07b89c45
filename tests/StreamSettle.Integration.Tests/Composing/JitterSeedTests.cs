using StreamSettle.App.Composition;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Integration.Tests.Composing;

public sealed class JitterSeedTests
{
    static readonly Guid Log = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public void A_seed_is_the_same_in_every_process() => Assert.Equal(607_424_262, JitterSeed.Of(Log, Leg.Split));

    [Fact]
    public void Legs_and_services_that_were_made_at_the_same_time_have_their_own()
    {
        var other = Guid.Parse("00112233-4455-6677-8899-aabbccddeefe");
        var seeds = Enum.GetValues<Leg>().SelectMany(leg => new[] { JitterSeed.Of(Log, leg), JitterSeed.Of(other, leg) }).ToList();
        Assert.Equal(seeds.Count, seeds.Distinct().Count());
    }
}
