using System.Net;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Downstreams;

public class AddressTests
{
    /// <summary>Of this machine, but not the one that is listened on by default.</summary>
    const string Another = "127.0.0.2";

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", true)]
    public async Task Only_who_is_told_to_listens_on_other_addresses(string address, bool answers)
    {
        Assert.Equal("127.0.0.1", new DownstreamsOptions().Address.ToString());
        await using var systems = await SandboxDownstreams.StartAsync(new() { Address = IPAddress.Parse(address) }, TimeProvider.System);
        using var client = new HttpClient();
        foreach (var url in systems.BaseUrls.Values.Append(systems.ControlUrl))
        {
            var asked = new UriBuilder(url) { Host = Another, Path = DownstreamNames.Path(Leg.Split) }.Uri;
            Assert.Equal(answers, await AnswersAsync(client, asked));
        }
    }

    static async Task<bool> AnswersAsync(HttpClient client, Uri url)
    {
        try
        {
            using var answer = await client.GetAsync(url);
            return true;
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return false;
        }
    }
}
