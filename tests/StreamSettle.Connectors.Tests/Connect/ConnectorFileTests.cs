using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Failures;
using Xunit;

namespace StreamSettle.Connectors.Tests.Connect;

public sealed class ConnectorFileTests : IDisposable
{
    const string Password = "p\"a\\s${x}\nw";
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamsettle-connectors-");

    [Theory]
    [InlineData("shop-json", "string", "false")]
    [InlineData("shop-jsonwithschema", "precise", "true")]
    public void The_files_that_come_along_are_whole_once_their_keys_are_replaced(string name, string decimals, string schemas)
    {
        var read = new ConnectorFile(Path.Combine(AppContext.BaseDirectory, "connectors"), Values().Of).Read(name);

        Assert.All(read.Config, pair => Assert.DoesNotContain("${", pair.Value == Password ? "" : pair.Value, StringComparison.Ordinal));
        Assert.Equal(
            ("db", "5433", "shop", "settle", Password, "verify-full", "streamsettle_shop", "streamsettle", "shop", "32", "-1"),
            (read.Config["database.hostname"], read.Config["database.port"], read.Config["database.dbname"], read.Config["database.user"], read.Config["database.password"],
                read.Config["database.sslmode"], read.Config["slot.name"], read.Config["publication.name"], read.Config["topic.prefix"],
                read.Config["topic.creation.default.partitions"], read.Config["topic.creation.default.replication.factor"]));
        Assert.Equal((decimals, schemas, schemas), (read.Config["decimal.handling.mode"], read.Config["key.converter.schemas.enable"], read.Config["value.converter.schemas.enable"]));
    }

    [Fact]
    public void A_value_is_the_same_text_whatever_stands_in_it()
    {
        Write("a", """{"name":"a","config":{"connector.class":"C","x":"<${Source:Password}>","port":${Source:Port},"kept":"$${file:/secrets:password}","yes":true}}""");

        var read = new ConnectorFile(folder.FullName, Values().Of).Read("a");

        Assert.Equal([("connector.class", "C"), ("kept", "${file:/secrets:password}"), ("port", "5433"), ("x", $"<{Password}>"), ("yes", "true")],
            read.Config.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [InlineData("Host=db;Username=a;Password=secret")]
    [InlineData("Host=db;Username=a;Passfile=/x")]
    public void Connect_may_be_told_where_it_finds_the_password_instead_of_the_password(string connection)
    {
        const string place = "${directory:/run/secrets:password}";
        Write("a", """{"connector.class":"C","x":"${Source:Password}"}""");
        var values = new ConnectorValues(new EmbeddedCdcOptions { ConnectionString = connection }, key => key == "Connect:SourcePassword" ? place : null);

        Assert.Equal(place, new ConnectorFile(folder.FullName, values.Of).Read("a").Config["x"]);
    }

    [Theory]
    [InlineData("""{"connector.class":"C","x":"${Source:Hots} ${My:Own} ${Nope}"}""", "${Source:Hots}, ${Nope}")]
    [InlineData("""{"connector.class":"C","x":["a"]}""", "x is Array")]
    [InlineData("""{"connector.class":"C","x":"a","x":"b"}""", "x twice")]
    [InlineData("""{"x":"a"}""", "no connector.class")]
    [InlineData("[]", "expected an object")]
    [InlineData("""{"name":"b","config":{"connector.class":"C"}}""", "called as its file, a")]
    [InlineData("{\"connector.class\":\"C\",\n\"x\":${Source:Password}}", "line 2")]
    public void What_is_wrong_in_a_file_is_told_with_its_path_and_no_secret(string text, string expected)
    {
        Write("a", text);

        var refused = Assert.Throws<UserMistakeException>(() => new ConnectorFile(folder.FullName, Values().Of).Read("a"));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder.FullName, "a.json"), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p\"a", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "there is a, b")]
    [InlineData("A", "capitals count")]
    [InlineData("../a", "no name of a connector")]
    [InlineData("", "no name of a connector")]
    public void A_name_without_a_file_is_told_with_those_that_there_are(string name, string expected)
    {
        Write("a", "{}");
        Write("b", "{}");

        Assert.Contains(expected, Assert.Throws<UserMistakeException>(() => new ConnectorFile(folder.FullName, Values().Of).Read(name)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=/var/run/postgresql;Username=a", "Source:Host", "Unix socket")]
    [InlineData("Host=db;Username=a;Passfile=/x", "Source:Password", "Source:PasswordFile")]
    [InlineData("Host=db", "Source:Username", "has no Username")]
    public void What_connect_could_not_do_as_we_do_is_refused(string connection, string key, string expected) => Assert.Contains(
        expected,
        Assert.Throws<UserMistakeException>(() => new ConnectorValues(new EmbeddedCdcOptions { ConnectionString = connection }, _ => null).Of(key)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void What_connect_says_is_shown_without_the_secrets_of_the_configuration()
    {
        var definition = new ConnectorDefinition("a", new Dictionary<string, string> { ["database.password"] = "abc", ["sasl.jaas.config"] = "x abc y", ["database.user"] = "ann" });

        Assert.Equal("ann ***, ***", definition.WithoutSecrets("ann abc, x abc y"));
    }

    [Fact]
    public void What_differs_is_named_and_the_name_that_connect_adds_is_no_difference()
    {
        var definition = new ConnectorDefinition("a", new Dictionary<string, string> { ["same"] = "1", ["other"] = "2", ["new"] = "3" });

        Assert.Equal(["gone", "new", "other"], definition.DifferentFrom(new Dictionary<string, string> { ["name"] = "a", ["same"] = "1", ["other"] = "1", ["gone"] = "" }));
    }

    public void Dispose() => folder.Delete(recursive: true);

    static ConnectorValues Values() => new(
        new EmbeddedCdcOptions
        {
            ConnectionString = new Npgsql.NpgsqlConnectionStringBuilder
            {
                Host = "db", Port = 5433, Database = "shop", Username = "settle", Password = Password, SslMode = Npgsql.SslMode.VerifyFull,
            }.ConnectionString,
            Partitions = 32,
        },
        key => key == "My:Own" ? "mine" : null);

    void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name + ".json"), text);
}
