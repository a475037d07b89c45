using Npgsql;
using Xunit;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>The roles that <c>audit grants</c> prints, in the database of a world: from then on the service writes as one that can only append, and keeps views as another.</summary>
sealed record GrantedRoles(string Auditor, string Writer)
{
    const string Password = "secret";

    /// <summary>As the documents say: the owner makes the tables by one start, runs what the command prints, and is not used any more.</summary>
    public static async Task<GrantedRoles> UseAsync(World world)
    {
        await using (var owner = world.Run())
        {
            await owner.ReadyAsync();
            owner.Terminate();
            Assert.Equal(0, await owner.ExitAsync());
        }

        var database = new NpgsqlConnectionStringBuilder(world.ConnectionString).Database;
        var (auditor, writer, projector) = ($"auditor_{database}", $"writer_{database}", $"projector_{database}");
        var grants = await world.CommandAsync("audit", "grants", "--auditor", auditor, "--writer", writer, "--projector", projector);
        Assert.True(grants.Code == 0, grants.Output + grants.Errors);
        await world.ExecuteAsync(grants.Output);
        await world.ExecuteAsync(string.Concat(new[] { auditor, writer, projector }.Select(role => $"alter role \"{role}\" password '{Password}';")));
        world.Settings["Audit:ConnectionString"] = As(world, writer);
        world.Settings["Audit:Projections:ConnectionString"] = As(world, projector);
        return new(As(world, auditor), As(world, writer));
    }

    static string As(World world, string role) => new NpgsqlConnectionStringBuilder(world.ConnectionString) { Username = role, Password = Password }.ConnectionString;
}
