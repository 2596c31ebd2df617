using System.Diagnostics;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A folder of somebody who is signed in, with a shell that knows a <c>trustmesh</c> which gives away the header.</summary>
internal sealed class ShellFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-shell-").FullName;

    public ShellFolder(RunningSilo silo)
    {
        File.WriteAllText(PathOf("header"), $"Authorization: Bearer {silo.Token}\n");
        File.WriteAllText(PathOf("trustmesh"), $"#!/bin/sh\n[ \"$1\" = session-header ] && exec cat '{PathOf("header")}'\n");
        File.SetUnixFileMode(PathOf("trustmesh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(PathOf("draft.json"), JsonSerializer.Serialize(new PolicyUpdate(Reason: "a try"), ContractJson.Default.PolicyUpdate));
    }

    public string PathOf(string file) => Path.Combine(folder, file);

    public async Task<(int Code, string Output, string Error)> RunAsync(string line)
    {
        var start = new ProcessStartInfo("/bin/bash") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(line);
        start.Environment["PATH"] = $"{folder}:/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (bash.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(folder, true);
}
