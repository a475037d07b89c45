using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Compose.Tests.Checks;

/// <summary>What the database is made with is what docs/kafka.md gives to administrators.</summary>
public class AdministratorSqlTests
{
    const string Heading = "### What a database administrator runs";

    [Fact]
    public void The_role_and_its_rights_are_those_of_the_document()
    {
        var told = File.ReadAllText(Path.Combine(Repository.Root, "docs", "kafka.md")).Split(Heading)[1].Split("```sql\n")[1].Split("```")[0];
        var run = File.ReadLines(Path.Combine(Repository.Root, "deploy", "postgres", "2-streamsettle.sql")).Where(line => line[0] is not ('-' or '\\'));

        Assert.Equal(told.Replace("'change-me'", ":'password'", StringComparison.Ordinal).TrimEnd(), string.Join('\n', run));
    }
}
