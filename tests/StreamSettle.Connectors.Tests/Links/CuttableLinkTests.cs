using System.Net;
using System.Net.Sockets;
using System.Text;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Connectors.Tests.Links;

public sealed class CuttableLinkTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TcpListener server = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource patience = new(Patience);
    CuttableLink link = null!;

    public ValueTask InitializeAsync()
    {
        server.Start();
        link = CuttableLink.To(((IPEndPoint)server.LocalEndpoint).Port);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await link.DisposeAsync();
        server.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_link_that_stalls_delivers_late_and_all()
    {
        var (here, there) = await ConnectAsync();
        await SayAsync(here, "one");
        Assert.Equal("one", await HearAsync(there, 3));

        link.Set(LinkTraffic.Stalls);
        await SayAsync(here, "two");
        Assert.Equal(0, there.Available);
        link.Heal();

        Assert.Equal("two", await HearAsync(there, 3));
    }

    [Fact]
    public async Task What_a_black_hole_took_never_comes_and_its_connection_is_reset_when_it_heals()
    {
        var (here, there) = await ConnectAsync();
        link.Set(LinkTraffic.Swallowed);
        await SayAsync(here, "lost");
        var (stranger, _) = await ConnectAsync(accepted: false);
        await SayAsync(stranger, "lost");
        await Eventually(() => link.Losers == 2);

        link.Heal();

        Assert.True(await EndsAsync(here) && await EndsAsync(stranger) && await EndsAsync(there));
    }

    [Fact]
    public async Task A_cut_link_resets_what_stands_and_lets_new_ones_pass()
    {
        var (here, _) = await ConnectAsync();

        link.Cut();

        Assert.True(await EndsAsync(here));
        var (again, there) = await ConnectAsync();
        await SayAsync(again, "new");
        Assert.Equal("new", await HearAsync(there, 3));
    }

    [Fact]
    public async Task A_link_that_refuses_listens_on_the_same_port_again_when_it_heals()
    {
        link.Set(LinkTraffic.Refused);
        await Assert.ThrowsAsync<SocketException>(() => ConnectAsync());

        link.Heal();

        var (here, there) = await ConnectAsync();
        (link.Delay, link.BytesPerSecond) = (TimeSpan.FromMilliseconds(5), 20_000);
        await SayAsync(here, new string('x', 4_000));
        Assert.Equal(4_000, (await HearAsync(there, 4_000)).Length);
    }

    async Task<(Socket Here, Socket There)> ConnectAsync(bool accepted = true)
    {
        var here = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await here.ConnectAsync(new IPEndPoint(IPAddress.Loopback, link.Port), patience.Token);
        return (here, accepted ? await server.AcceptSocketAsync(patience.Token) : here);
    }

    async Task SayAsync(Socket on, string text) => await on.SendAsync(Encoding.ASCII.GetBytes(text), patience.Token);

    async Task<string> HearAsync(Socket on, int length)
    {
        var heard = new byte[length];
        for (var at = 0; at < length;)
        {
            at += await on.ReceiveAsync(heard.AsMemory(at), patience.Token) is > 0 and var read ? read : throw new EndOfStreamException();
        }

        return Encoding.ASCII.GetString(heard);
    }

    async Task<bool> EndsAsync(Socket on)
    {
        try
        {
            return await on.ReceiveAsync(new byte[1], patience.Token) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    async Task Eventually(Func<bool> condition)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await ticks.WaitForNextTickAsync(patience.Token);
        }
    }
}
