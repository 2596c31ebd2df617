using TrustMesh.Cli.Api;

namespace TrustMesh.Tests.Cli;

public sealed class SessionTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Sign_in_takes_the_code_from_standard_input_and_keeps_the_token_to_the_owner()
    {
        var silo = new CannedSilo();
        var run = new CliRun(silo) { Input = CannedSilo.Code + "\n" };
        Assert.Equal(0, await run.RunAsync("sign-in"));
        Assert.Contains(CannedSilo.Code, silo.Seen[0].Body);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(run.TokenFile));
        Assert.Contains(CannedSilo.Token, await File.ReadAllTextAsync(run.TokenFile));
    }

    [Fact]
    public async Task A47_Neither_code_nor_token_is_printed_or_put_in_an_address()
    {
        var silo = new CannedSilo();
        foreach (var json in (string[][])[[], ["--json"]])
        {
            var run = new CliRun(silo) { Input = CannedSilo.Code + "\n" };
            Assert.Equal(0, await run.RunAsync(["sign-in", .. json]));
            Assert.DoesNotContain(CannedSilo.Code, run.Output + run.Error);
            Assert.DoesNotContain(CannedSilo.Token, run.Output + run.Error);
        }
        Assert.All(silo.Seen, request => Assert.DoesNotContain("tm", request.Address.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A47_A_code_on_the_command_line_is_refused()
    {
        var silo = new CannedSilo();
        Assert.Equal(2, await new CliRun(silo).RunAsync("sign-in", CannedSilo.Code));
        Assert.Empty(silo.Seen);
    }

    [Fact]
    public async Task A_token_goes_only_to_the_silo_that_gave_it()
    {
        var silo = new CannedSilo().Answer("GET devices?limit=1000", 200, """{"items":[],"next":null,"total":0}""");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(4, await run.RunAsync("device", "list", "--silo", "http://127.0.0.1:7081"));
        Assert.Equal(0, await run.RunAsync("device", "list"));
        Assert.All(silo.Seen.Where(request => request.Authorization is not null), request =>
            Assert.Equal((CliRun.Silo, "Bearer " + CannedSilo.Token), (request.Address.GetLeftPart(UriPartial.Authority) + "/", request.Authorization)));
        Assert.Equal("Bearer " + CannedSilo.Token, silo.Seen[^1].Authorization);
    }

    [Fact]
    public async Task A45_A_token_file_that_others_may_read_is_not_used()
    {
        var silo = new CannedSilo();
        var run = await new CliRun(silo).SignedInAsync();
        File.SetUnixFileMode(run.TokenFile, OwnerOnly | UnixFileMode.GroupRead);
        var before = silo.Seen.Count;
        Assert.Equal(1, await run.RunAsync("device", "list"));
        Assert.Contains("chmod 600", run.Error);
        Assert.Equal(before, silo.Seen.Count);
    }

    [Fact]
    public async Task Sign_out_forgets_the_token_even_if_the_silo_does_not_answer()
    {
        var silo = new CannedSilo().Refuse("DELETE session", 503, "unavailable");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(1, await run.RunAsync("sign-out"));
        Assert.DoesNotContain(CannedSilo.Token, await File.ReadAllTextAsync(run.TokenFile));
        Assert.Equal(4, await run.RunAsync("device", "list"));
    }

    [Fact]
    public async Task A_session_that_is_over_asks_to_sign_in_again()
    {
        var silo = new CannedSilo().Answer("POST session", 200, $$"""{"name":"ana","role":"admin","expiresAt":"2001-01-01T00:00:00Z","token":"{{CannedSilo.Token}}"}""");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(4, await run.RunAsync("device", "list"));
    }

    [Fact]
    public void A_damaged_token_file_says_so()
    {
        var file = Path.Combine(new CliRun().Home, "token.json");
        using (new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly })) { }
        var failure = Assert.Throws<TrustMesh.Cli.CommandFailure>(() => new SessionFile(file).Read());
        Assert.Contains("sign in again", failure.Message);
    }
}
