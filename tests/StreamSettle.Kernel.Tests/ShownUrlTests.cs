using StreamSettle.Kernel.Addresses;
using Xunit;

namespace StreamSettle.Kernel.Tests;

public class ShownUrlTests
{
    [Theory]
    [InlineData("https://user:word@host/path", "https://host/path")]
    [InlineData("https://user:w%40rd@host:8443/a@b?key=secret#x", "https://host:8443/a@b")]
    [InlineData("http://token@127.0.0.1:8787", "http://127.0.0.1:8787/")]
    [InlineData("http://[::1]:8787/", "http://[::1]:8787/")]
    [InlineData("postgres://user:word@host/shop", "postgres://host/shop")]
    [InlineData("https://user:w/o@r:d@ho st/x", "https://ho st/x")]
    [InlineData("user:word@host?key=1", "host")]
    [InlineData("http://shop.example", "http://shop.example")]
    [InlineData("nowhere", "nowhere")]
    [InlineData("", "")]
    public void A_url_is_shown_without_what_may_be_secret(string url, string shown) => Assert.Equal(shown, ShownUrl.Of(url));
}
