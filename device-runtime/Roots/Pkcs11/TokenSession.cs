namespace TrustMesh.Roots.Pkcs11;

/// <summary>A session with the token, logged in.</summary>
internal sealed class TokenSession : IDisposable
{
    private readonly ICryptoki cryptoki;

    private TokenSession(ICryptoki cryptoki, TokenDescription token, nuint handle) => (this.cryptoki, Token, Handle) = (cryptoki, token, handle);

    public TokenDescription Token { get; }

    public nuint Handle { get; }

    /// <summary>Finds the token of the settings and logs in. Throws <see cref="RootException"/>, <see cref="Pkcs11Exception"/>.</summary>
    public static TokenSession Open(ICryptoki cryptoki, Pkcs11Settings settings, PinSource pin)
    {
        var token = Choose(cryptoki, settings);
        var session = new TokenSession(cryptoki, token, cryptoki.OpenSession(token.Slot, writable: !token.Flags.HasFlag(TokenFlags.WriteProtected)));
        try
        {
            if (token.Flags.HasFlag(TokenFlags.LoginRequired)) pin.Login(cryptoki, session.Handle, token);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            cryptoki.CloseSession(Handle);
        }
        catch (Pkcs11Exception)
        {
            // It is gone already, which is what was wanted.
        }
    }

    private static TokenDescription Choose(ICryptoki cryptoki, Pkcs11Settings settings)
    {
        var present = cryptoki.Slots().Select(slot => Describe(cryptoki, slot)).OfType<TokenDescription>().ToArray();
        // SoftHSM offers an empty token to be initialised, always.
        var tokens = present.Where(one => one.Flags.HasFlag(TokenFlags.Initialized)).ToArray();
        var fitting = tokens.Where(one => settings.Token.Length == 0 || one.Label == settings.Token || one.Serial == settings.Token).ToArray();
        if (fitting.Length == 1) return fitting[0];
        var wanted = settings.Token.Length == 0 ? "token" : $"token \"{settings.Token}\"";
        if (fitting.Length > 1)
            throw new RootException($"{cryptoki.Module} shows {fitting.Length} tokens that could be meant: {string.Join(", ", fitting.AsEnumerable())}. Name one by its serial number in \"token\".");
        throw new RootException(tokens.Length > 0 ? $"{cryptoki.Module} shows no {wanted}, but {string.Join(", ", tokens.AsEnumerable())}. Put the token in, or correct \"token\"."
            : $"{cryptoki.Module} shows no {(present.Length > 0 ? "initialised " : "")}token. Put it in{(present.Length > 0 ? ", or initialise it (pkcs11-tool --init-token --init-pin)" : "")}, and let the agent's user reach it (pcscd, or the device's group).");
    }

    /// <summary>Null for what is pulled out this moment, or is of no interest to this module: another slot's trouble is not ours.</summary>
    private static TokenDescription? Describe(ICryptoki cryptoki, nuint slot)
    {
        try
        {
            return cryptoki.Describe(slot);
        }
        catch (Pkcs11Exception e) when (e.Rv is CkRv.TokenNotPresent or CkRv.TokenNotRecognized or CkRv.DeviceRemoved or CkRv.SlotIdInvalid)
        {
            return null;
        }
    }
}
