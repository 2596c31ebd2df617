namespace TrustMesh.Tests.Cli;

/// <summary>API tokens in the CLI's hands: where they may lie, and where they go.</summary>
public sealed class ApiTokenCommandTests
{
    private const string Token = "tma_job_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Devices = "GET devices?limit=1000";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData(OwnerOnly | UnixFileMode.GroupRead, "chmod 600")]
    [InlineData(OwnerOnly | UnixFileMode.OtherRead, "chmod 600")]
    [InlineData(OwnerOnly | UnixFileMode.OtherWrite, "chmod 600")]
    [InlineData(OwnerOnly, null)]
    [InlineData(UnixFileMode.UserRead, null)]
    public async Task A45_A_token_that_others_may_read_is_not_used(UnixFileMode mode, string? refused)
    {
        var silo = new CannedSilo().Answer(Devices, 200, """{"items":[],"next":null,"total":0}""");
        var run = new CliRun(silo);
        var file = await FileAsync(run, Token + "\n", mode);
        run["TRUSTMESH_API_TOKEN_FILE"] = file;
        Assert.Equal(refused is null ? 0 : 1, await run.RunAsync("device", "list"));
        if (refused is null) Assert.Equal("Bearer " + Token, Assert.Single(silo.Seen).Authorization);
        else
        {
            Assert.Contains(refused, run.Error, StringComparison.Ordinal);
            Assert.Empty(silo.Seen);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("tms_session")]
    [InlineData("tma_a b")]
    [InlineData("tma_a\r\nX-Other: b")]
    [InlineData("ghp_somebody-elses-secret")]
    public async Task A47_What_is_no_API_token_is_sent_to_nobody_and_not_printed(string text)
    {
        var silo = new CannedSilo();
        var run = new CliRun(silo);
        run["TRUSTMESH_API_TOKEN_FILE"] = await FileAsync(run, text, OwnerOnly);
        Assert.Equal(2, await run.RunAsync("device", "list"));
        if (text.Length > 0) Assert.DoesNotContain(text, run.Error, StringComparison.Ordinal);
        run["TRUSTMESH_API_TOKEN_FILE"] = await FileAsync(run, Token + new string('A', 1000), OwnerOnly);
        Assert.Equal(2, await run.RunAsync("device", "list"));
        run["TRUSTMESH_API_TOKEN_FILE"] = Path.Combine(run.Home, "nothing");
        Assert.Equal(2, await run.RunAsync("device", "list"));
        run["TRUSTMESH_API_TOKEN_FILE"] = await FileAsync(run, Token, OwnerOnly);
        run["TRUSTMESH_API_TOKEN"] = Token;
        Assert.Equal(2, await run.RunAsync("device", "list"));
        Assert.Contains("both set", run.Error, StringComparison.Ordinal);
        Assert.Empty(silo.Seen);
    }

    [Fact]
    public async Task A47_A_token_goes_to_the_silo_that_is_named_and_never_to_the_one_somebody_signed_in_to()
    {
        var silo = new CannedSilo().Answer(Devices, 200, """{"items":[],"next":null,"total":0}""");
        var run = await new CliRun(silo).SignedInAsync();
        // Signed in there last, which is of another mesh perhaps.
        run["TRUSTMESH_SILO"] = "http://127.0.0.1:7999";
        await run.SignedInAsync();
        run["TRUSTMESH_SILO"] = null;
        run["TRUSTMESH_API_TOKEN"] = Token;
        Assert.Equal(0, await run.RunAsync("device", "list"));
        Assert.Equal(("http://127.0.0.1:7080/", "Bearer " + Token), (silo.Seen[^1].Address.GetLeftPart(UriPartial.Authority) + "/", silo.Seen[^1].Authorization));
        Assert.Equal(2, await run.RunAsync("device", "list", "--silo", "http://silo.example:7080"));
        Assert.DoesNotContain(silo.Seen, request => request.Address.ToString().Contains("tma_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A47_There_is_no_argument_that_takes_a_token()
    {
        var silo = new CannedSilo();
        Assert.Equal(2, await new CliRun(silo).RunAsync("device", "list", "--api-token", Token));
        Assert.Empty(silo.Seen);
    }

    [Fact]
    public async Task A_file_that_is_there_is_never_written_over_and_one_of_a_token_that_was_not_made_is_not_left()
    {
        var silo = new CannedSilo().Refuse("POST api-tokens", 409, "conflict");
        var run = await new CliRun(silo).SignedInAsync();
        foreach (var content in (string[])["", "mine"])
        {
            var there = await FileAsync(run, content, OwnerOnly);
            Assert.Equal(2, await run.RunAsync("api-token", "create", "job", "viewer", "-o", there));
            Assert.Equal(content, await File.ReadAllTextAsync(there));
        }
        Assert.DoesNotContain(silo.Seen, request => request.Route == "POST api-tokens");
        var file = Path.Combine(run.Home, "new.token");
        Assert.Equal(5, await run.RunAsync("api-token", "create", "job", "viewer", "-o", file));
        Assert.False(File.Exists(file));
        Assert.Contains("\"ttlSeconds\":7776000", silo.Seen[^1].Body, StringComparison.Ordinal);
        Assert.Equal(2, await run.RunAsync("api-token", "create", "job", "king"));
        Assert.Equal(2, await run.RunAsync("api-token", "revoke", "job"));
    }

    [Fact]
    public async Task A44_A_list_shows_hostile_text_harmlessly_and_says_in_words_what_ends_soon()
    {
        var soon = DateTimeOffset.UtcNow.AddDays(13).ToString("O");
        var silo = new CannedSilo().Answer("GET api-tokens", 200, $$"""
            [{"name":"a\u001b[2J","state":"active","grants":[{"role":"viewer"}],"createdAt":"2026-01-01T00:00:00Z","createdBy":"\u202eann","expiresAt":"{{soon}}","usedAt":null},
             {"name":"b","state":"unreadable","grants":[],"createdAt":null,"createdBy":null,"expiresAt":null},
             {"name":"c","state":"active","grants":[{"role":"operator","sites":["oslo","bergen"]}],"createdAt":"2026-01-01T00:00:00Z","createdBy":"ann","expiresAt":"2999-01-01T00:00:00Z","usedAt":"2026-01-02T03:00:00Z","more":1}]
            """);
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("api-token", "list") == 0, run.Error);
        var lines = run.Output.Split('\n');
        Assert.Equal("NAME\tSTATE\tRIGHTS\tEXPIRES\tUSED\tSINCE\tBY", lines[0]);
        Assert.StartsWith("a\\u001b[2J\texpires soon\tviewer\t", lines[1]);
        Assert.EndsWith("\t\\u202eann", lines[1]);
        Assert.Equal("b\tunreadable\t-\t-\t-\t-\t-", lines[2]);
        Assert.Equal("c\tactive\toperator@oslo,bergen\t2999-01-01 00:00:00Z\t2026-01-02 03:00:00Z\t2026-01-01 00:00:00Z\tann", lines[3]);
    }

    private static async Task<string> FileAsync(CliRun run, string text, UnixFileMode mode)
    {
        var file = Path.Combine(run.Home, $"{Guid.NewGuid():n}.token");
        await File.WriteAllTextAsync(file, text);
        File.SetUnixFileMode(file, mode);
        return file;
    }
}
