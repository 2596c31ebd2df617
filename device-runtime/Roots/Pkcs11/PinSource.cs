using System.Security.Cryptography;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>
/// Where the PIN comes from: the configured file (0600), else systemd's credential <c>pkcs11-pin</c>, else <c>TRUSTMESH_PKCS11_PIN</c>. Read
/// anew at each login and not kept. A PIN the token refused is never given a second time, by no start of the agent either: a few wrong ones lock
/// a token for good, and a service that is restarted would get there in a minute.
/// </summary>
/// <param name="environment">Variables of this process.</param>
internal sealed class PinSource(string? file, string stateDirectory, Func<string, string?> environment)
{
    public const string Variable = "TRUSTMESH_PKCS11_PIN", Credential = "pkcs11-pin", RefusedFileName = "pin.refused";

    private const int MaxSize = 256;

    private readonly string refused = Path.Combine(stateDirectory, RefusedFileName);

    /// <summary>Logs in, or says why it did not even try.</summary>
    public void Login(ICryptoki cryptoki, nuint session, TokenDescription token)
    {
        if (token.Flags.HasFlag(TokenFlags.PinLocked)) throw new RootException($"Token {token} is locked because of too many wrong PINs. Unlock it with its security officer's PIN (pkcs11-tool --unlock-pin).");
        if (token.Flags.HasFlag(TokenFlags.PinFinalTry))
            throw new RootException($"Token {token} would be locked by one more wrong PIN, so it is not tried. Log in by hand with the right one (pkcs11-tool --login --list-objects), put that where the settings say, and start the agent again.");
        if (PrivateFile.Read(refused, MaxSize) is { } marked && marked.AsSpan().SequenceEqual(Mark(token)))
            throw new RootException($"Token {token} refused the PIN before, and it is not tried again: wrong PINs lock a token. Put the right one {Place()}, then remove {refused}.");
        var pin = Read();
        try
        {
            cryptoki.Login(session, pin);
        }
        catch (Pkcs11Exception wrong) when (wrong.IsPinRefused)
        {
            PrivateFile.Write(refused, Mark(token));
            throw new RootException($"Token {token}: {wrong.Message} Then remove {refused}.", wrong);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pin);
        }
    }

    /// <summary>The PIN; the caller wipes it.</summary>
    internal byte[] Read()
    {
        byte[]? text = null;
        if (file is not null) text = PrivateFile.Read(file, MaxSize) ?? throw new RootException($"There is no PIN file {file}. Make it, mode 0600, with the token's user PIN in it.");
        else if (CredentialFile() is { } credential) text = ReadCredential(credential);
        else if (environment(Variable) is { Length: > 0 } variable) text = System.Text.Encoding.UTF8.GetBytes(variable);
        if (text is null) throw new RootException($"There is no PIN for the token. Name a file with it in \"pinFile\" (mode 0600), or give the service a credential {Credential} (LoadCredential=), or set {Variable}.");
        try
        {
            var pin = text.AsSpan().TrimEnd("\r\n"u8).ToArray();
            return pin.Length > 0 ? pin : throw new RootException($"The PIN is empty. Put the token's user PIN {Place()}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>systemd gives credentials to the service's user alone; its access list looks like a group's right, so modes say nothing here.</summary>
    private static byte[] ReadCredential(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            var content = new byte[MaxSize + 1];
            var length = RandomAccess.Read(handle, content, 0);
            return length <= MaxSize ? content[..length] : throw new RootException($"The credential {Credential} has more than {MaxSize} bytes. It holds the token's user PIN and nothing else.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RootException($"The credential {path} can not be read: {e.Message} Check LoadCredential= of the service.", e);
        }
    }

    private string? CredentialFile()
        => environment("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder && Path.Combine(folder, Credential) is var path && File.Exists(path) ? path : null;

    private string Place() => file is not null ? $"into {file}" : CredentialFile() is not null ? $"into the credential {Credential}" : $"into {Variable}";

    /// <summary>Names the token, nothing of the PIN.</summary>
    private static byte[] Mark(TokenDescription token) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{token.Manufacturer}\n{token.Model}\n{token.Serial}\n{token.Label}"));
}
