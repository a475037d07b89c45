using Npgsql;

namespace StreamSettle.App.Configuration;

/// <summary>A database's password from a file of its own, so that it stands in no environment and no command line: <c>Source:PasswordFile</c>, <c>Audit:PasswordFile</c>.</summary>
static class DatabasePassword
{
    /// <summary>The connection string with the password of the file that <c>SECTION:PasswordFile</c> names; as it is where there is no such key.</summary>
    public static string Add(ConfigurationReader reader, string section, string connectionString)
    {
        var key = $"{section}:PasswordFile";
        if (reader.FilePath(key) is not { } file)
        {
            return connectionString;
        }

        try
        {
            var password = File.ReadAllText(file).TrimEnd('\r', '\n');
            if (string.IsNullOrWhiteSpace(password))
            {
                reader.Add($"{key} must name a file with the password, but '{file}' is empty.");
            }

            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            if (!string.IsNullOrEmpty(parts.Password))
            {
                reader.Add($"{key} and a Password in {section}:ConnectionString are both set: keep one.");
            }

            parts.Password = password;
            return parts.ConnectionString;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            reader.Add($"{key} must name a file that can be read: {failure.Message}");
        }
        catch (ArgumentException)
        {
            // What is wrong with the connection string itself is told by whoever checks it.
        }

        return connectionString;
    }
}
