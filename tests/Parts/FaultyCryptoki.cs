using System.Runtime.CompilerServices;
using TrustMesh.Roots.Pkcs11;

namespace TrustMesh.Tests.Parts;

/// <summary>A real module on which a test interferes: before a call reaches it, or with what an attribute says.</summary>
public sealed class FaultyCryptoki(ICryptoki inner) : ICryptoki
{
    /// <summary>Asked before each call, by its name here; a value is what the module is made to answer instead.</summary>
    public Func<string, CkRv?>? Before { get; set; }

    /// <summary>Changes what a key says of itself.</summary>
    public Func<CkAttribute, byte[]?, byte[]?>? Said { get; set; }

    /// <summary>Changes how tokens describe themselves.</summary>
    public Func<TokenDescription, TokenDescription>? Described { get; set; }

    /// <summary>Every call, in order.</summary>
    public List<string> Asked { get; } = [];

    public bool Ended { get; private set; }

    public string Module => inner.Module;

    public IReadOnlyList<nuint> Slots() => Call(inner.Slots);

    public TokenDescription Describe(nuint slot) => Call(() => Described?.Invoke(inner.Describe(slot)) ?? inner.Describe(slot));

    public nuint OpenSession(nuint slot, bool writable) => Call(() => inner.OpenSession(slot, writable));

    public void CloseSession(nuint session) => inner.CloseSession(session);

    public void Login(nuint session, ReadOnlySpan<byte> pin)
    {
        var given = pin.ToArray();
        Call(() =>
        {
            inner.Login(session, given);
            return true;
        });
    }

    public IReadOnlyList<nuint> Find(nuint session, CkTemplate wanted) => Call(() => inner.Find(session, wanted));

    public byte[]? Attribute(nuint session, nuint instance, CkAttribute attribute)
    {
        var value = Call(() => inner.Attribute(session, instance, attribute));
        return Said is null ? value : Said(attribute, value);
    }

    public nuint GenerateKeyPair(nuint session, CkTemplate publicKey, CkTemplate privateKey) => Call(() => inner.GenerateKeyPair(session, publicKey, privateKey));

    public byte[] Sign(nuint session, nuint key, ReadOnlySpan<byte> digest)
    {
        var data = digest.ToArray();
        return Call(() => inner.Sign(session, key, data));
    }

    public byte[] Random(nuint session, int count) => Call(() => inner.Random(session, count));

    public nuint Create(nuint session, CkTemplate instance) => Call(() => inner.Create(session, instance));

    public void Destroy(nuint session, nuint instance) => Call(() =>
    {
        inner.Destroy(session, instance);
        return true;
    });

    public void Dispose()
    {
        Ended = true;
        inner.Dispose();
    }

    private T Call<T>(Func<T> call, [CallerMemberName] string name = "")
    {
        Asked.Add(name);
        if (Before?.Invoke(name) is { } answer) throw new Pkcs11Exception("C_" + name, answer);
        return call();
    }
}
