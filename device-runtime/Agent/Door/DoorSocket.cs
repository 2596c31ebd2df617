using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Door;

/// <summary>
/// Puts the socket where applications look for it, and nothing else: the directory is the agent's alone, no link is followed, what is not a socket of
/// ours is left alone (attack A45). Throws <see cref="IOException"/> with a sentence that names the fix.
/// </summary>
internal static class DoorSocket
{
    private const int Backlog = 64, SolSocket = 1, PeerCredentials = 17;
    private static readonly TimeSpan Answers = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Listening. The file has its mode before anybody can connect: until <c>listen</c>, the kernel refuses. A socket that a dead agent left is replaced.
    /// </summary>
    public static Socket Open(DoorSettings settings)
    {
        if (Problem(settings) is { } problem) throw new IOException(problem);
        Socket? socket = null;
        try
        {
            if (Posix.Look(settings.Path, out _) is not null) File.Delete(settings.Path);
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(settings.Path));
            File.SetUnixFileMode(settings.Path, settings.Mode);
            socket.Listen(Backlog);
            return socket;
        }
        catch (Exception failed) when (failed is SocketException or UnauthorizedAccessException or IOException)
        {
            socket?.Dispose();
            throw new IOException($"The socket {settings.Path} can not be made: {failed.Message}. Choose another path under \"socket\".", failed);
        }
    }

    /// <summary>Why the socket can not be made there; null when it can. Makes and removes nothing.</summary>
    public static string? Problem(DoorSettings settings)
    {
        var path = settings.Path;
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > DoorSettings.LongestPath) return $"The socket's path has {bytes} bytes, and a socket address takes {DoorSettings.LongestPath}: {path}. Choose a shorter path under \"socket\".";
        if (Path.GetDirectoryName(path) is not { } directory) return $"{path} names no file for the socket. Choose a path under \"socket\".";
        if (DirectoryProblem(directory) is { } problem) return problem;
        if (Posix.Look(path, out var error) is not { } facts) return error == Posix.NoEntry ? null : $"{path}: {Posix.Explain(error)}. Choose another path under \"socket\".";
        if (facts.Kind == FileKind.Symlink) return $"{path} is a symlink. A socket is never put through a link; remove it (attack A45).";
        if (facts.Kind != FileKind.Socket) return $"{path} is there already and is not a socket. Remove it, or choose another path under \"socket\".";
        if (facts.Owner != Posix.User) return $"{path} is a socket of user {facts.Owner}. Remove it, or choose another path under \"socket\".";
        return IsAnswered(path) ? $"Somebody answers at {path} already. Stop that agent, or choose another path under \"socket\"." : null;
    }

    /// <summary>The user at the other end, as the kernel saw it connect (SO_PEERCRED: pid, uid, gid).</summary>
    public static uint UserOf(Socket connection)
    {
        Span<byte> credentials = stackalloc byte[12];
        connection.GetRawSocketOption(SolSocket, PeerCredentials, credentials);
        return MemoryMarshal.Read<uint>(credentials[4..]);
    }

    private static string? DirectoryProblem(string directory)
    {
        // systemd may have made the directory a link into a private one: the link is resolved, its target is what counts.
        var link = Posix.Look(directory, out _) is { Kind: FileKind.Symlink };
        var real = link ? Directory.ResolveLinkTarget(directory, returnFinalTarget: true)!.FullName : directory;
        if (Posix.Look(real, out var error) is not { } facts) return $"The socket's directory {real}: {Posix.Explain(error)}. Make it (systemd: RuntimeDirectory=), or choose another path under \"socket\".";
        if (facts.Kind != FileKind.Directory) return $"{real} is not a directory. Choose another path under \"socket\".";
        if (facts.Owner != Posix.User) return $"{real} belongs to user {facts.Owner}: somebody else could put another socket in the place of this one. Choose a directory of the agent's own under \"socket\".";
        if ((facts.Mode & FileFacts.GroupOrOthersMayWrite) != 0) return $"{real} can be written by others (mode {Convert.ToString(facts.Mode, 8)}): they could put another socket in the place of this one. Run: chmod go-w {real}";
        for (var parent = Path.GetDirectoryName(real); parent is not null; parent = Path.GetDirectoryName(parent))
            if (Posix.Look(parent, out _) is { } above && (above.Mode & FileFacts.OthersMayWrite) != 0 && (above.Mode & FileFacts.Sticky) == 0)
                return $"{parent}, above the socket, can be written by everybody (mode {Convert.ToString(above.Mode, 8)}). Run: chmod o-w {parent}";
        return null;
    }

    private static bool IsAnswered(string path)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var connect = probe.ConnectAsync(new UnixDomainSocketEndPoint(path));
            // A backlog that is full is an agent, too.
            return !connect.Wait(Answers) || connect.IsCompletedSuccessfully;
        }
        catch (AggregateException failed) when (failed.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return false;
        }
        catch (AggregateException failed) when (failed.InnerException is SocketException)
        {
            // Not refused: somebody may be there, and what may be alive is not replaced.
            return true;
        }
    }
}
