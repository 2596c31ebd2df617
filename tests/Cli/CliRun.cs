using TrustMesh.Cli;

namespace TrustMesh.Tests.Cli;

/// <summary>A trustmesh command run in this process, with everything it touches in the test's hands.</summary>
internal sealed class CliRun(HttpMessageHandler? silo = null)
{
    private static readonly string Homes = MakeHomes();

    private readonly Dictionary<string, string> variables = new() { ["HOME"] = Directory.CreateDirectory(Path.Combine(Homes, $"{Guid.NewGuid():n}")).FullName, ["TRUSTMESH_SILO"] = Silo };

    public const string Silo = "http://127.0.0.1:7080/";

    public string Home => variables["HOME"];

    public string TokenFile => Path.Combine(Home, ".config", "trustmesh", "token.json");

    public string Input { get; init; } = "";

    public bool Terminal { get; init; }

    /// <summary>A person types what <see cref="Input"/> says.</summary>
    public bool InTerminal { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public CancellationToken Stopping { get; init; }

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public string? this[string variable]
    {
        set
        {
            if (value is null) variables.Remove(variable);
            else variables[variable] = value;
        }
    }

    public async Task<int> RunAsync(params IReadOnlyList<string> arguments)
    {
        using StringWriter output = new(), error = new();
        var surroundings = new Surroundings(new StringReader(Input), output, error, InTerminal, Terminal,
            name => variables.GetValueOrDefault(name), () => silo ?? new SocketsHttpHandler(), Time, Stopping);
        var code = await CommandLine.RunAsync(arguments, surroundings);
        (Output, Error) = (output.ToString(), error.ToString());
        return code;
    }

    /// <summary>Home folders of all runs, gone when the tests are over.</summary>
    private static string MakeHomes()
    {
        var folder = Directory.CreateTempSubdirectory("trustmesh-cli-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    /// <summary>Signs in to whatever answers, which has to be a <see cref="CannedSilo"/>.</summary>
    public async Task<CliRun> SignedInAsync()
    {
        var code = Path.Combine(Home, "code");
        await File.WriteAllTextAsync(code, CannedSilo.Code);
        Assert.True(await RunAsync("sign-in", "--code-file", code) == 0, Error);
        return this;
    }
}
