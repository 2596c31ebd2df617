using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using TrustMesh.Roots;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// A real TPM 2.0 in software: swtpm as a foreground child with its own directory, gone when it is disposed or the tests end, however
/// they end. One client at a time: dispose a root before a tool talks to the same TPM.
/// </summary>
public sealed partial class Swtpm : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private Process? process;

    private Swtpm(string folder, SwtpmAuthority? authority)
    {
        (Folder, Authority) = (folder, authority);
        Run();
    }

    /// <summary>Private directory of this TPM; tools run in it, so file names in arguments need no path.</summary>
    public string Folder { get; }

    /// <summary>The CA that signed the EK certificates; null for a TPM without any.</summary>
    public SwtpmAuthority? Authority { get; }

    /// <summary>As the agent's settings name it.</summary>
    public string Address => "unix:" + Socket;

    /// <summary>As tpm2-tools take it (-T).</summary>
    public string Tcti => "swtpm:path=" + Socket;

    private string Socket => Path.Combine(Folder, "tpm.sock");

    /// <summary>tpm2-tss looks for the control channel at the data channel's path with this ending.</summary>
    private string Control => Socket + ".ctrl";

    /// <summary>A TPM fresh from the factory without certificates. Takes 20 ms.</summary>
    public static Swtpm Start()
    {
        NeedsTools("swtpm", "tpm2_startup");
        return new(NewFolder(), null);
    }

    /// <summary>A TPM with RSA-2048 and P-384 endorsement certificates, signed by an authority of its own or by the one given.
    /// Takes a second.</summary>
    public static Swtpm Manufacture(SwtpmAuthority? authority = null)
    {
        NeedsTools("swtpm", "swtpm_setup", "swtpm_localca", "tpm2_startup");
        var folder = NewFolder();
        authority ??= new SwtpmAuthority(Directory.CreateDirectory(Path.Combine(folder, "ca")).FullName);
        authority.Manufacture(StateOf(folder));
        return new(folder, authority);
    }

    /// <summary>Settings for a TPM root on this TPM with its state in <see cref="Folder"/>.</summary>
    public RootSettings Settings(string endorsementKey = "auto", int measurementPcr = 13)
        => new("tpm", Address, endorsementKey, measurementPcr, Path.Combine(Folder, "device"));

    /// <summary>Cuts the power and gives it back without starting the TPM, as a board does before its firmware runs. A client that is
    /// connected stays connected.</summary>
    public void PowerCycle()
    {
        const uint init = 2;
        using var control = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = (int)Deadline.TotalMilliseconds };
        control.Connect(new UnixDomainSocketEndPoint(Control));
        var command = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(command, init);
        control.Send(command);
        var result = new byte[4];
        control.ReceiveExactly(result);
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(result));
    }

    /// <summary>Kills the TPM and starts it again with the same state: a power cycle that breaks connections.</summary>
    public void Restart()
    {
        Stop();
        Run();
    }

    /// <summary>Another TPM with the state this one has now, as somebody makes who copies a virtual machine. Both are started: a power cycle for each.</summary>
    public Swtpm Copy()
    {
        Stop();
        var folder = NewFolder();
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith("tpm.", StringComparison.Ordinal)))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            System.IO.File.Copy(file, to);
        }
        Run();
        return new(folder, Authority);
    }

    /// <summary>Runs one of tpm2-tools against this TPM and returns its output; fails the test, with the tool's words, if it fails.</summary>
    public string Tool(string name, params string[] arguments)
    {
        var (code, output, error) = TryTool(name, arguments);
        Assert.True(code == 0, $"{name} {string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    /// <summary>As <see cref="Tool"/> for a tool that may fail.</summary>
    public (int Code, string Output, string Error) TryTool(string name, params string[] arguments)
        => Command.Run(Folder, name, ["-T", Tcti, .. arguments]);

    /// <summary>A file of <see cref="Folder"/>, such as one a tool wrote.</summary>
    public byte[] File(string name) => System.IO.File.ReadAllBytes(PathOf(name));

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose()
    {
        Stop();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>
    /// Ready means listening, and swtpm writes its pid file after that: the file's appearance is the event. A shell stands between:
    /// its standard input ends when the tests end, and then it ends swtpm (the kernel's parent-death signal watches threads, which come and go).
    /// </summary>
    private void Run()
    {
        foreach (var stale in (string[])["tpm.pid", "tpm.sock", "tpm.sock.ctrl"]) System.IO.File.Delete(PathOf(stale));
        using var ready = new ManualResetEventSlim();
        using var watcher = new FileSystemWatcher(Folder, "tpm.pid");
        watcher.Created += (_, _) => ready.Set();
        watcher.EnableRaisingEvents = true;
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
            ArgumentList =
            {
                "-c", "exec 3<&0; \"$@\" & p=$!; { read -r _ <&3; kill $p; } & wait $p", "sh",
                "swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + Directory.CreateDirectory(StateOf(Folder)).FullName,
                "--server", "type=unixio,path=" + Socket, "--ctrl", "type=unixio,path=" + Control,
                "--pid", "file=" + PathOf("tpm.pid"), "--flags", "not-need-init,startup-clear",
            },
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (ready.Wait(Deadline)) return;
        Stop();
        throw new InvalidOperationException($"swtpm was not ready within {Deadline.TotalSeconds} s in {Folder}.");
    }

    private void Stop()
    {
        if (process is null) return;
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(Deadline), "swtpm did not end");
        process.Dispose();
        process = null;
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("trustmesh-tpm-").FullName;

    private static string StateOf(string folder) => Path.Combine(folder, "state");

    private static void NeedsTools(params string[] names)
    {
        foreach (var name in names)
            Assert.SkipUnless(Command.Exists(name), $"{name} is not installed (apt-get install swtpm swtpm-tools tpm2-tools)");
    }
}
