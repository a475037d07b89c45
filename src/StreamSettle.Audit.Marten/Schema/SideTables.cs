using Npgsql;

namespace StreamSettle.Audit.Marten.Schema;

/// <summary>Our own tables beside Marten's, which would drop a column of ours from its own, with the data.</summary>
internal static class SideTables
{
    /// <summary>Creates what is missing, in the caller's transaction.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        await using var create = new NpgsqlCommand(
            $"""
            create table if not exists {tables.Logs} (
                log_identity uuid primary key,
                system_identifier text,
                slot_name text,
                created_at timestamptz not null default now());
            {string.Join('\n', RegistrationText.All.Select(text => AddColumn(tables.Logs, text.Column)))}
            create table if not exists {tables.Positions} (
                log_identity uuid not null references {tables.Logs} on delete cascade,
                topic text not null,
                partition integer not null,
                next_offset bigint not null,
                events bigint not null default 0,
                streams bigint not null default 0,
                primary key (log_identity, topic, partition));
            create table if not exists {tables.Leaves} (
                first bigint primary key,
                hashes bytea not null,
                block_root bytea,
                block_last_sequence bigint);
            create index if not exists streamsettle_leaves_blocks on {tables.Leaves} (first) where block_root is not null;
            create table if not exists {tables.Seals} (
                number bigint primary key,
                log_identity uuid not null,
                events bigint not null,
                last_sequence bigint not null,
                head bytea not null,
                sealed_at timestamptz not null,
                previous bytea not null,
                key text not null,
                signature bytea not null);
            {AddColumn(tables.Seals, "beside")}
            create table if not exists {tables.Keys} (
                key_id uuid primary key,
                merchant text not null,
                generation integer not null,
                wrapped bytea,
                master_key text not null,
                created_at timestamptz not null default now(),
                unique (merchant, generation)) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
            create table if not exists {tables.Shreddings} (
                number bigint primary key,
                merchant text not null,
                keys integer not null,
                by text not null,
                reason text not null,
                request text not null unique,
                shredded_at timestamptz not null default clock_timestamp());
            create table if not exists {tables.Notarisations} (
                number bigint primary key,
                kind text not null,
                subject bigint not null,
                statement text not null,
                notaries text[] not null,
                planned_at timestamptz not null,
                unique (kind, subject));
            create table if not exists {tables.NotarySteps} (
                number bigint not null references {tables.Notarisations},
                notary text not null,
                step integer not null,
                kind text not null,
                evidence text not null,
                taken_at timestamptz not null,
                primary key (number, notary, step));
            create unique index if not exists streamsettle_notary_steps_done on {tables.NotarySteps} (notary, number) where kind = 'notarised';
            """,
            connection);
        await create.ExecuteNonQueryAsync(stop);
    }

    /// <summary>A text that a later release added. Looks first: altering locks the table, also where nothing is to be altered, and whoever verifies reads it for minutes.</summary>
    static string AddColumn(string table, string column) => $"""
        do $add$ begin
            if not exists (select from pg_attribute where attrelid = '{table}'::regclass and attname = '{column}' and not attisdropped) then
                alter table {table} add column {column} text;
            end if;
        end $add$;
        """;

    /// <summary>What projections keep beside their views; as the others.</summary>
    public static async Task EnsureProjectionsAsync(NpgsqlConnection connection, Tables tables, CancellationToken stop)
    {
        await using var create = new NpgsqlCommand($"create table if not exists {tables.Projections} (name text primary key, generation bigint not null, position bigint not null)", connection);
        await create.ExecuteNonQueryAsync(stop);
    }
}
