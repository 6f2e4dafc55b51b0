// A server on this machine that answers as a test says, also what no service and no emulator would answer.

import Foundation

/// Serves one connection after the other, each for one request.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: String
    }

    struct Answer: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""
    }

    let baseURL: String
    /// Every request, as it comes in.
    let requests: AsyncStream<Request>
    /// An item for each connection without an answer that the client has closed.
    let hangUps: AsyncStream<Void>
    private let listener: Int32

    /// - Parameters:
    ///   - hangsUp: Whether it closes each connection as soon as something comes in.
    ///   - answer: What to answer; nothing to fall silent.
    init(hangsUp: Bool = false, answer: @escaping @Sendable (Request) -> Answer?) throws {
        #if canImport(Darwin)
            let listener = socket(AF_INET, SOCK_STREAM, 0)
            // A client that does not wait for its answer ends no test; connections have what their listener has.
            var isOn: Int32 = 1
            setsockopt(listener, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout<Int32>.size))
        #else
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isOpen else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        let (requests, arrived) = AsyncStream<Request>.makeStream()
        let (hangUps, hungUp) = AsyncStream<Void>.makeStream()
        (self.listener, self.requests, self.hangUps) = (listener, requests, hangUps)
        baseURL = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/api"
        Thread.detachNewThread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                if hangsUp {
                    var first: UInt8 = 0
                    recv(connection, &first, 1, Int32(MSG_PEEK))
                    // Said before it is done, so that the other side knows it when its next bytes are refused.
                    shutdown(connection, Int32(SHUT_WR))
                    close(connection)
                    continue
                }
                guard let request = Self.read(connection) else {
                    close(connection)
                    continue
                }
                let answer = answer(request)
                arrived.yield(request)
                guard let answer else {
                    Thread.detachNewThread {
                        var more: UInt8 = 0
                        while recv(connection, &more, 1, 0) > 0 {}
                        hungUp.yield()
                        close(connection)
                    }
                    continue
                }
                Self.write(answer, to: connection)
                close(connection)
            }
            close(listener)
            arrived.finish()
        }
    }

    deinit {
        // Ends the thread, which waits for connections, and closes it: closed here, its number could be another server's by
        // the time that the thread looks at it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The next request that comes in.
    func next() async -> Request? {
        var iterator = requests.makeAsyncIterator()
        return await iterator.next()
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let request = parse(text) { return request }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    /// The request, once it is whole.
    private static func parse(_ text: String) -> Request? {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        let words = lines[0].components(separatedBy: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            headers[line[..<colon].lowercased()] = value.trimmingCharacters(in: .whitespaces)
        }
        let body = String(text[end.upperBound...])
        guard body.utf8.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
        return Request(method: words[0], path: words[1], headers: headers, body: body)
    }

    private static func write(_ answer: Answer, to connection: Int32) {
        var head = "HTTP/1.1 \(answer.status) \r\nconnection: close\r\n"
        for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
        if answer.status != 204 { head += "content-length: \(answer.body.utf8.count)\r\n" }
        var bytes = Array((head + "\r\n" + answer.body).utf8)[...]
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, flags) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
